internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  /// The states in the rendezvous of a pipe and of shared memory.
  @Suite struct HandshakeTests {
    static let transports: [LocalTransport] = [.pipe, .memory]

    @Test("Client and server write their states with the client's ticket", arguments: LinkTests.pairs, transports)
    func bothStatesHaveTheTicket(_ pair: LinkTests.Pair, _ transport: LocalTransport) throws {
      let place = try transport.place()
      let (endpoint, client) = (place.endpoint, pair.client.engine)
      _ = try host(pair.server, .echo, at: endpoint, keepOpen: true) { server in
        var formerTicket: UInt64 = 0
        for _ in 1...3 {
          let link = try client.client(of: endpoint)
          let states = try Self.states(of: place)
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

    @Test("A hello whose ticket is not locked gets no welcome", arguments: Which.allCases, transports)
    func helloWithoutLock(_ which: Which, _ transport: LocalTransport) throws {
      let place = try transport.place()
      let endpoint = place.endpoint
      _ = try host(which, .echo, at: endpoint, keepOpen: true) { server in
        let file = try Kernel.open(path: place.names[0], Kernel.readWrite)
        try Kernel.write(file, [4 << 3 | 1, 0, 0, 0, 0, 0, 0, 0], at: 8)
        _ = try Kernel.isReadable(-1, within: 100)
        let states = try Self.states(of: place)
        #expect(states.client == 4 << 3 | 1)
        #expect(states.server == 0)
        #expect(try which.engine.ask(endpoint, [1, 2, 3]) == [1, 2, 3])
        server.stop()
      }
    }

    /// A ticket, shifted by three bits, and a state: of the client, and of the server.
    private static func states(of place: borrowing LocalPlace) throws -> (client: UInt64, server: UInt64) {
      let bytes = try Kernel.open(path: place.names[0], Kernel.readOnly).readAll(atMost: 24)
      try #require(bytes.count == 24)
      func number(at offset: Int) -> UInt64 {
        bytes[offset..<offset + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
      }
      return (number(at: 8), number(at: 16))
    }
  }
}
