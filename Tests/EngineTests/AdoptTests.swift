// Listeners that a supervisor hands on.
internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct AdoptTests {
    @Test func whatIsNoListenerIsRefused() throws {
      for (expected, make) in [
        (Errno.notSocket, { try Kernel.open("/dev/null", O_RDONLY) }),
        (.socketTypeNotSupported, { try Kernel.datagramSocket() }),
        (.invalidArgument, { try Kernel.socket(for: .anyIPv4) }),
        (.badFileDescriptor, { Descriptor(owning: 4095) }),
      ] as [(Errno, () throws -> Descriptor)] {
        let failed = try same { which in
          let number = try make().release()
          return failure { _ = try which.engine.adoptServer(Descriptor(owning: number)) }
        }
        #expect(failed == Failure(.listen, expected))
      }
    }

    /// A stop ends serving, not the socket: a client that comes between two servers waits for the second.
    @Test(arguments: Which.allCases, [1, 3])
    func theListenerOutlivesItsServer(_ which: Which, workers: Int) throws {
      for transport in Transport.allCases {
        let place = try transport.place()
        let listener = try Listener(at: place.endpoint)
        for _ in 1...2 {
          let between = try Peer(to: listener.endpoint)
          try between.finish()
          let copy = try Kernel.copy(listener.socket)
          let stop = try Kernel.socketPair()
          let (name, number) = (listener.endpoint, stop.first.number)
          let server = try Worker {
            let stop = Descriptor(owning: number)
            let serving = IPC.Serving(keepOpen: true, stop: stop.lent, drain: .seconds(20), workers: workers)
            let server = try which.engine.adoptServer(Descriptor(owning: copy))
            let endpoint = server.endpoint
            try which.engine.serve(server, .greeting(Array("hello")), serving, observer: nil)
            try which.engine.close(server)
            return endpoint
          }
          #expect(try between.receiveToEnd() == Array("hello"))
          #expect(try Peer.listen(to: listener.endpoint) == Array("hello"))
          let ends = stop.release()
          _ = try Kernel.send(ends.second, [0])
          #expect(try server.value() == name)
          _ = Descriptor(owning: ends.second)
        }
      }
    }

    /// Who could send notices is gone: that is no reason to look for them all the time. Measured in a process of its own,
    /// where nobody else works.
    @Test(arguments: Which.allCases, [1, 2])
    func aNoticeThatEndedCostsNothing(_ which: Which, workers: Int) async {
      await #expect(processExitsWith: .success) { [which, workers] in
        let pipe = try Kernel.pipe(nonBlocking: true).release()
        _ = Descriptor(owning: pipe.second)
        let notice = Descriptor(owning: pipe.first)
        let how = IPC.Serving(keepOpen: true, workers: workers, notice: notice.lent)
        let served = try serve(which, .echo, how: how) { server in
          let peer = try Peer(to: server.endpoint)
          try peer.send("x")
          #expect(try peer.receive(1) == Array("x"))
          let before = Kernel.processorTime()
          _ = try Kernel.isReadable(-1, within: 300)
          #expect(Kernel.processorTime() - before < .milliseconds(50))
          server.stop()
        }
        #expect(served.failure == nil)
      }
    }
  }
}
