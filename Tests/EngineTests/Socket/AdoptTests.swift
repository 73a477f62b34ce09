// A client that a supervisor has accepted.
internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct AdoptTests {
    @Test(
      "A server whose socket is connected serves that client, and ends", arguments: Transport.allCases, [false, true])
    func client(_ transport: Transport, keepOpen: Bool) throws {
      let served = try fromBoth { which in
        let target = try transport.makeEndpoint()
        let listener = try RawListener(at: target.endpoint)
        let peer = try RawPeer(to: listener.endpoint)
        try peer.send("x")
        try peer.halfClose()
        let server = try which.engine.adoptServer(try TestSystem.accept(listener.socket), ListenOptions())
        #expect(server.endpoint == listener.endpoint)
        #expect(server.isConnected && server.isLent)
        let number = server.descriptor.number
        #expect(TestSystem.descriptorFlags(number) == TestSystem.Flags(closeOnExec: true, nonBlocking: true))
        if target.endpoint.port != nil {
          #expect(try TestSystem.option(number, CInt(IPPROTO_TCP), TCP_NODELAY) != 0)
          #expect(try TestSystem.option(number, CInt(IPPROTO_TCP), TCP_KEEPIDLE) == 60)
        }
        let recorder = EventRecorder()
        let options = ServeOptions(keepOpen: keepOpen, workers: keepOpen ? 3 : 1)
        try which.engine.serve(server, .echo, options, observer: recorder.observer)
        try which.engine.close(server)
        // The client's stream ends only if the server has closed its copy of the descriptor, too.
        #expect(try peer.receiveToEnd() == Array("x"))
        return recorder.masked()
      }
      #expect(served.map(\.step) == [.accept, .receive, .send, .receive, .close])
      #expect(Set(served.map(\.endpoint)) == [try transport.makeEndpoint().endpoint.maskedWhenBound])
    }

    @Test("A Unix socket without a name is served, as socketpair(2) makes it", arguments: EngineName.allCases)
    func pair(_ which: EngineName) throws {
      let ends = try TestSystem.socketPair().release()
      let peer = try RawPeer(Descriptor(owning: ends.first))
      let server = try which.engine.adoptServer(Descriptor(owning: ends.second), ListenOptions())
      #expect(server.endpoint == .unix(path: []))
      try which.engine.serve(server, .greeting(Array("hi")), ServeOptions(), observer: nil)
      try which.engine.close(server)
      #expect(try peer.receiveToEnd() == Array("hi"))
    }

    @Test("The failure of the client is the server's; a server that stays open only reports it")
    func clientFailure() throws {
      for keepOpen in [false, true] {
        let failures = try fromBoth { which in
          let listener = try RawListener(at: .anyIPv4)
          let peer = try RawPeer(to: listener.endpoint)
          try peer.send("more")
          let server = try which.engine.adoptServer(try TestSystem.accept(listener.socket), ListenOptions())
          let recorder = EventRecorder()
          let options = ServeOptions(keepOpen: keepOpen, limits: ClientLimits(bytes: 3))
          let ended = failure { try which.engine.serve(server, .discard, options, observer: recorder.observer) }
          try which.engine.close(server)
          return [ended?.bare, recorder.events.compactMap { $0.failure?.bare }.first]
        }
        let tooLarge = Failure(.receive, .fileTooLarge)
        #expect(failures == [keepOpen ? nil : tooLarge, tooLarge])
      }
    }

    @Test("A client that resets its connection before it is served is a failure", arguments: [false, true])
    func resetBeforeServing(keepOpen: Bool) throws {
      let failures = try fromBoth { which in
        let listener = try RawListener(at: .anyIPv4)
        let peer = try RawPeer(to: listener.endpoint)
        let server = try which.engine.adoptServer(try TestSystem.accept(listener.socket), ListenOptions())
        try peer.reset()
        let recorder = EventRecorder()
        let options = ServeOptions(keepOpen: keepOpen)
        let ended = failure { try which.engine.serve(server, .echo, options, observer: recorder.observer) }
        try which.engine.close(server)
        return [ended?.masked] + recorder.masked().map(\.failure)
      }
      let reset = Failure(.accept, .connectionReset, at: .tcp(host: "127.0.0.1", port: 1))
      #expect(failures == [reset, reset])
    }

    @Test("A client that has reset its connection before is an error that names the reset")
    func earlyReset() throws {
      let failed = try fromBoth { which in
        let listener = try RawListener(at: .anyIPv4)
        let peer = try RawPeer(to: listener.endpoint)
        let accepted = try TestSystem.accept(listener.socket).release()
        try peer.reset()
        return failure { _ = try which.engine.adoptServer(Descriptor(owning: accepted), ListenOptions()) }
      }
      #expect(failed == Failure(.listen, .connectionReset))
    }

    @Test("The limits of a client apply, and a stop closes the client", arguments: EngineName.allCases)
    func limits(_ which: EngineName) throws {
      let ended = try serveWaitingPeer(which, ServeOptions(limits: ClientLimits(idle: .milliseconds(50))))
      #expect(ended?.bare == Failure(.wait, .timedOut))
      let stop = try TestSystem.socketPair()
      _ = try TestSystem.send(stop.second.number, [0])
      #expect(try serveWaitingPeer(which, ServeOptions(stop: stop.first.lent)) == nil)
    }

    /// Serves a client that sends nothing, and expects that its stream ends.
    private func serveWaitingPeer(_ which: EngineName, _ options: ServeOptions) throws -> Failure? {
      let listener = try RawListener(at: .anyIPv4)
      let peer = try RawPeer(to: listener.endpoint)
      let server = try which.engine.adoptServer(try TestSystem.accept(listener.socket), ListenOptions())
      let ended = failure { try which.engine.serve(server, .echo, options, observer: nil) }
      try which.engine.close(server)
      #expect(peer.receiveToFailure().bytes == [])
      return ended
    }

    @Test("A connected socket among several is an error", arguments: [1, 2])
    func amongSeveral(workers: Int) throws {
      let failed = try fromBoth { which in
        let target = try Transport.unix.makeEndpoint()
        let listener = try RawListener(at: target.endpoint)
        let peer = try RawPeer(to: listener.endpoint)
        var server = try which.engine.adopt(listener.socket.number)
        server.next = .init(try which.engine.adoptServer(try TestSystem.accept(listener.socket), ListenOptions()))
        let options = ServeOptions(keepOpen: true, workers: workers)
        let ended = failure { try which.engine.serve(server, .echo, options, observer: nil) }
        try which.engine.close(server)
        #expect(try peer.receiveToEnd() == [])
        return ended?.masked
      }
      #expect(failed == Failure(.listen, .socketIsConnected, at: .unix(path: Array("masked"))))
    }
  }
}
