// Listeners that a supervisor passes to the server.
internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

extension Engine {
  /// Adopts a copy, so that the caller keeps its listener.
  static func adopt(_ listener: CInt, _ options: ListenOptions = ListenOptions()) throws -> Server {
    let copy = try FileDescriptor(rawValue: listener).duplicate()
    return try adoptServer(Descriptor(owning: copy.rawValue), options)
  }
}

extension Engines {
  @Suite struct SocketActivationTests {
    @Test(
      "An adopted listener works like one that the engine opened", arguments: EngineName.allCases, Transport.allCases)
    func adopt(_ which: EngineName, _ transport: Transport) throws {
      let target = try transport.makeEndpoint()
      let listener = try RawListener(at: target.endpoint)
      let server = try which.engine.adopt(listener.socket.number)
      #expect(server.endpoint == listener.endpoint)
      #expect(server.file == nil)
      #expect(server.isLent == true)
      #expect(
        TestSystem.descriptorFlags(server.descriptor.number) == TestSystem.Flags(closeOnExec: true, nonBlocking: true))
      if transport == .ipv4 || transport == .ipv6 {
        #expect(try TestSystem.option(server.descriptor.number, CInt(IPPROTO_TCP), TCP_NODELAY) != 0)
      }
      try which.engine.close(server)
      // Closing the server closes only its copy.
      _ = try RawPeer(to: listener.endpoint)
    }

    @Test("A descriptor that is not a listener is rejected")
    func invalidListeners() throws {
      for (expected, make) in [
        (Errno.notSocket, { try TestSystem.open("/dev/null", O_RDONLY) }),
        (.socketTypeNotSupported, { try TestSystem.datagramSocket() }),
        (.invalidArgument, { try TestSystem.socket(for: .anyIPv4) }),
        (.badFileDescriptor, { Descriptor(owning: 4095) }),
      ] as [(Errno, () throws -> Descriptor)] {
        let failed = try fromBoth { which in
          let number = try make().release()
          return failure { _ = try which.engine.adoptServer(Descriptor(owning: number), ListenOptions()) }
        }
        #expect(failed == Failure(.listen, expected))
      }
    }

    @Test(
      "A stop ends serving but keeps the listener, so a client between two servers waits for the second one",
      arguments: EngineName.allCases, [1, 3])
    func nextServer(_ which: EngineName, workers: Int) throws {
      for transport in Transport.allCases {
        let target = try transport.makeEndpoint()
        let listener = try RawListener(at: target.endpoint)
        for _ in 1...2 {
          let between = try RawPeer(to: listener.endpoint)
          try between.halfClose()
          let copy = try TestSystem.duplicate(listener.socket)
          let stop = try TestSystem.socketPair()
          let (name, number) = (listener.endpoint, stop.first.number)
          let server = try TestThread {
            let stop = Descriptor(owning: number)
            let serving = ServeOptions(keepOpen: true, stop: stop.lent, drain: .seconds(20), workers: workers)
            let server = try which.engine.adoptServer(Descriptor(owning: copy), ListenOptions())
            let endpoint = server.endpoint
            try which.engine.serve(server, .greeting(Array("hello")), serving, observer: nil)
            try which.engine.close(server)
            return endpoint
          }
          #expect(try between.receiveToEnd() == Array("hello"))
          #expect(try RawPeer.receiveAll(from: listener.endpoint) == Array("hello"))
          let ends = stop.release()
          _ = try TestSystem.send(ends.second, [0])
          #expect(try server.value() == name)
          _ = Descriptor(owning: ends.second)
        }
      }
    }

    /// A server with its maximum of clients accepts nobody from the backlog, and its stop must not end the clients there.
    @Test(
      "A stop leaves the clients in the backlog to the next server", arguments: EngineName.allCases, Transport.allCases)
    func aStopLeavesTheBacklogToTheNextServer(_ which: EngineName, _ transport: Transport) throws {
      for workers in [1, 3] {
        let target = try transport.makeEndpoint()
        let listener = try RawListener(at: target.endpoint)
        // Workers notice a stop one after the other. Without a drain time, none of them may accept before all have noticed.
        let options = ServeOptions(
          keepOpen: true, drain: workers == 1 ? .seconds(timeoutSeconds) : .zero, workers: workers,
          limits: ClientLimits(clients: workers))
        let number = listener.socket.number
        let waiting = WaitingPeer()
        let first = try serve(which, .echo, adopted: number, options: options) { server in
          let connected = try (0..<workers).map { _ in PeerBox(try RawPeer(to: server.endpoint)) }
          for client in connected {
            try client.peer.send("x")
            #expect(try client.peer.receive(1) == Array("x"))
          }
          let next = try RawPeer(to: server.endpoint)
          try next.send("next")
          waiting.peer = consume next
          server.stop()
          for client in connected where workers == 1 { try client.peer.halfClose() }
          #expect(try server.hasEnded(within: 2_000))
        }
        #expect(first.failure == nil)
        let second = try serve(which, .echo, adopted: number, options: options) { server in
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

/// Keeps a peer from one conversation to the next.
private final class WaitingPeer {
  var peer: RawPeer?
}
