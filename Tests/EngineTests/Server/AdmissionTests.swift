// Clients that are accepted, that wait, and that are closed.
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct AdmissionTests {
    @Test("A client over the limit of clients waits", arguments: EngineName.allCases)
    func clientLimit(_ which: EngineName) throws {
      let options = ServeOptions(keepOpen: true, limits: ClientLimits(clients: 1))
      let served = try serve(which, .echo, options: options) { server in
        let first = try RawPeer(to: server.endpoint)
        try first.send("one")
        #expect(try first.receive(3) == Array("one"))
        let second = try RawPeer(to: server.endpoint)
        try second.send("two")
        try second.halfClose()
        try first.send("more")
        #expect(try first.receive(4) == Array("more"))
        try first.halfClose()
        #expect(try first.receiveToEnd() == [])
        #expect(try second.receiveToEnd() == Array("two"))
        server.stop()
      }
      #expect(served.failure == nil)
      let steps = served.events.map { $0.step }.filter { $0 == .accept || $0 == .close }
      #expect(steps == [.accept, .close, .accept, .close])
    }

    @Test("A client over the limit of its address is reset", arguments: EngineName.allCases)
    func addressLimit(_ which: EngineName) throws {
      let options = ServeOptions(keepOpen: true, limits: ClientLimits(clientsPerAddress: 1))
      let served = try serve(which, .echo, options: options) { server in
        let first = try RawPeer(to: server.endpoint)
        try first.send("one")
        #expect(try first.receive(3) == Array("one"))
        #expect(try RawPeer(to: server.endpoint).receiveToFailure().error == .connectionReset)
        try first.halfClose()
        #expect(try first.receiveToEnd() == [])
        let third = try RawPeer(to: server.endpoint)
        try third.send("three")
        try third.halfClose()
        #expect(try third.receiveToEnd() == Array("three"))
        server.stop()
      }
      #expect(served.failure == nil)
      let accepts = served.events.filter { $0.step == .accept }.map { $0.failure?.cause }
      #expect(accepts == [nil, .system(.tooManyUsers), nil])
    }

    @Test("A server on * counts its IPv4 clients by their IPv4 address", arguments: EngineName.allCases)
    func mappedAddresses(_ which: EngineName) throws {
      let options = ServeOptions(keepOpen: true, limits: ClientLimits(clientsPerAddress: 1))
      let served = try serve(which, .echo, at: .tcp(host: "*", port: 0), options: options) { server in
        let port = try #require(server.endpoint.port)
        let (ipv4, ipv6) = (Endpoint.tcp(host: "127.0.0.1", port: port), Endpoint.tcp(host: "::1", port: port))
        let first = try RawPeer(to: ipv4)
        try first.send("one")
        #expect(try first.receive(3) == Array("one"))
        let second = try RawPeer(to: ipv6)
        try second.send("two")
        #expect(try second.receive(3) == Array("two"))
        #expect(try RawPeer(to: ipv4).receiveToFailure().error == .connectionReset)
        for peer in [PeerBox(first), PeerBox(second)] {
          try peer.peer.halfClose()
          #expect(try peer.peer.receiveToEnd() == [])
        }
        server.stop()
      }
      #expect(served.failure == nil)
      let accepts = served.events.filter { $0.step == .accept }
      #expect(accepts.map { $0.failure?.cause } == [nil, nil, .system(.tooManyUsers)])
      #expect(accepts.map(\.endpoint?.masked) == ["127.0.0.1", "::1", "127.0.0.1"].map { .tcp(host: $0, port: 1) })
    }

    @Test(
      "A client that has used up its time is closed, even if it is busy, and clients that ended before are not",
      arguments: EngineName.allCases)
    func timeLimit(_ which: EngineName) throws {
      let options = ServeOptions(keepOpen: true, limits: ClientLimits(idle: .seconds(60), time: .milliseconds(500)))
      let served = try serve(which, .echo, options: options) { server in
        let first = try RawPeer(to: server.endpoint)
        let second = try RawPeer(to: server.endpoint)
        try first.send("one")
        try first.halfClose()
        #expect(try first.receiveToEnd() == Array("one"))
        let start = ContinuousClock.now
        while (try? second.send("x")) != nil, (try? second.receive(1)) == Array("x") {}
        #expect(ContinuousClock.now - start < .seconds(20))
        let third = try RawPeer(to: server.endpoint)
        try third.send("three")
        try third.halfClose()
        #expect(try third.receiveToEnd() == Array("three"))
        server.stop()
      }
      #expect(served.failure == nil)
      let closes = served.events.filter { $0.step == .close }.map { $0.failure?.bare }
      #expect(closes == [nil, Failure(.timeLimit, .timedOut), nil])
    }

    @Test("A limit of 0 is no limit", arguments: EngineName.allCases, [1, 2])
    func noLimits(_ which: EngineName, workers: Int) throws {
      let none = ClientLimits(clients: 0, clientsPerAddress: 0, idle: .zero, time: .zero, bytes: 0)
      let options = ServeOptions(keepOpen: true, workers: workers, limits: none)
      let served = try serve(which, .echo, options: options) { server in
        for text in ["one", "two"] {
          let peer = try RawPeer(to: server.endpoint)
          try peer.send(text)
          try peer.halfClose()
          #expect(try peer.receiveToEnd() == Array(text))
        }
        server.stop()
      }
      #expect(served.failure == nil)
      #expect(served.events.allSatisfy { $0.failure == nil })
    }
  }
}
