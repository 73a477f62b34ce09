// Listeners that a supervisor hands on.
internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

extension Engine {
  /// Adopts a copy: the other one stays with who listens.
  static func adopt(_ listener: CInt) throws -> Server {
    let copy = try FileDescriptor(rawValue: listener).duplicate()
    return try adoptServer(Descriptor(owning: copy.rawValue))
  }
}

extension Engines {
  @Suite struct SocketActivationTests {
    @Test(arguments: Which.allCases, Transport.allCases)
    func aListenerIsAsIfOpenedHere(_ which: Which, _ transport: Transport) throws {
      let place = try transport.place()
      let listener = try Listener(at: place.endpoint)
      let server = try which.engine.adopt(listener.socket.number)
      #expect(server.endpoint == listener.endpoint)
      #expect(server.file == nil)
      #expect(server.isLent == true)
      #expect(Kernel.descriptorFlags(server.descriptor.number) == Kernel.Flags(closeOnExec: true, nonBlocking: true))
      if transport == .ipv4 || transport == .ipv6 {
        #expect(try Kernel.option(server.descriptor.number, CInt(IPPROTO_TCP), TCP_NODELAY) != 0)
      }
      try which.engine.close(server)
      // Closing is this server's own business: the other copy listens on.
      _ = try Peer(to: listener.endpoint)
    }

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
          try between.halfClose()
          let copy = try Kernel.copy(listener.socket)
          let stop = try Kernel.socketPair()
          let (name, number) = (listener.endpoint, stop.first.number)
          let server = try Worker {
            let stop = Descriptor(owning: number)
            let serving = ServeOptions(keepOpen: true, stop: stop.lent, drain: .seconds(20), workers: workers)
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

    /// One with all places taken takes nobody from the backlog; its stop must not end who waits there.
    @Test(arguments: Which.allCases, Transport.allCases)
    func aStopLeavesTheBacklogToTheNextServer(_ which: Which, _ transport: Transport) throws {
      for workers in [1, 3] {
        let place = try transport.place()
        let listener = try Listener(at: place.endpoint)
        // A crew's workers hear of a stop one by one: none may have a free place before all have.
        let how = ServeOptions(
          keepOpen: true, drain: workers == 1 ? .seconds(patience) : .zero, workers: workers,
          limits: ClientLimits(clients: workers))
        let number = listener.socket.number
        let waiting = Waiting()
        let first = try serve(which, .echo, adopted: number, how: how) { server in
          let held = try (0..<workers).map { _ in Held(try Peer(to: server.endpoint)) }
          for held in held {
            try held.peer.send("x")
            #expect(try held.peer.receive(1) == Array("x"))
          }
          let next = try Peer(to: server.endpoint)
          try next.send("next")
          waiting.peer = consume next
          server.stop()
          for held in held where workers == 1 { try held.peer.halfClose() }
          #expect(try server.hasEnded(within: 2_000))
        }
        #expect(first.failure == nil)
        let second = try serve(which, .echo, adopted: number, how: how) { server in
          let next = waiting.peer.take()!
          try next.halfClose()
          #expect(try next.receiveToEnd() == Array("next"))
          server.stop()
        }
        #expect(second.failure == nil)
      }
    }
  }
}

/// A peer on its way from one conversation to the next.
private final class Waiting {
  var peer: Peer?
}
