internal import IPC
internal import Synchronization
internal import SystemPackage
internal import Testing

extension Engines {
  /// The states in the rendezvous of a pipe and of shared memory.
  @Suite struct HandshakeTests {
    static let transports: [LinkKind] = [.pipe, .memory]

    @Test("Client and server write their states with the client's ticket", arguments: LinkTests.pairs, transports)
    func bothStatesHaveTheTicket(_ pair: LinkTests.Pair, _ transport: LinkKind) throws {
      let target = try transport.makeEndpoint()
      let (endpoint, client) = (target.endpoint, pair.client.engine)
      _ = try serveLink(pair.server, .echo, at: endpoint, keepOpen: true) { server in
        var formerTicket: UInt64 = 0
        for _ in 1...3 {
          let link = try client.connectClient(to: endpoint)
          let states = try Self.states(of: target)
          #expect(states.client & 7 == (transport == .pipe ? 3 : 1), "opened, or hello")
          #expect(states.server & 7 == 2, "welcome")
          #expect(states.client >> 3 == states.server >> 3)
          #expect(states.client >> 3 > formerTicket)
          formerTicket = states.client >> 3
          try client.close(link)
        }
        server.stop()
      }
    }

    @Test("A hello whose ticket is not locked gets no welcome", arguments: EngineName.allCases, transports)
    func helloWithoutLock(_ which: EngineName, _ transport: LinkKind) throws {
      let target = try transport.makeEndpoint()
      let endpoint = target.endpoint
      _ = try serveLink(which, .echo, at: endpoint, keepOpen: true) { server in
        let file = try TestSystem.open(path: target.names[0], TestSystem.readWrite)
        try TestSystem.write(file, [4 << 3 | 1, 0, 0, 0, 0, 0, 0, 0], at: 8)
        _ = try TestSystem.isReadable(-1, within: 100)
        let states = try Self.states(of: target)
        #expect(states.client == 4 << 3 | 1)
        #expect(states.server == 0)
        #expect(try which.engine.request(endpoint, [1, 2, 3]) == [1, 2, 3])
        server.stop()
      }
    }

    @Test(
      "A client that connects at once after another one does not hide how that one ended", arguments: LinkTests.pairs,
      LinkKind.allCases)
    func fastNextClient(_ pair: LinkTests.Pair, _ kind: LinkKind) throws {
      let target = try kind.makeEndpoint()
      let (endpoint, client) = (target.endpoint, pair.client.engine)
      let recorder = EventRecorder()
      let served = try serveLink(pair.server, .discard, at: endpoint, keepOpen: true, recorder: recorder) { server in
        let first = try client.connectClient(to: endpoint)
        recorder.pause.store(300, ordering: .relaxed)
        try client.sendAll(first, [1])
        try recorder.wait(until: "the server has received") { $0.contains { $0.step == .receive } }
        // The server does not see the end before the next client has connected, or waits.
        try client.close(first)
        let next = try client.connectClient(to: endpoint)
        try client.halfCloseAll(next)
        #expect(try client.receiveAll(next) == [])
        try client.close(next)
        server.stop()
      }
      #expect(served.failure == nil)
      #expect(served.events.count { $0.step == .close } == 2)
      #expect(served.events.allSatisfy { $0.failure == nil })
    }

    /// A ticket, shifted by three bits, and a state: of the client, and of the server.
    private static func states(of target: borrowing LinkTestEndpoint) throws -> (client: UInt64, server: UInt64) {
      let bytes = try TestSystem.open(path: target.names[0], TestSystem.readOnly).readAll(atMost: 24)
      try #require(bytes.count == 24)
      func number(at offset: Int) -> UInt64 {
        bytes[offset..<offset + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
      }
      return (number(at: 8), number(at: 16))
    }
  }
}
