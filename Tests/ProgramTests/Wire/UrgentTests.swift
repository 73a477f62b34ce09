import Testing

/// Urgent bytes of TCP (MSG_OOB): the programs skip them, as nc and socat do, and pass on all other bytes.
@Suite(.limitedConcurrency, .repeatable())
struct UrgentTests {
  static let before = Bytes.random(30_000)
  static let behind = Bytes(before.array.reversed())

  @Test(
    "A client prints the bytes before and behind an urgent byte, whether the server closes or not",
    arguments: [false, true])
  func client(closes: Bool) async throws {
    try await withListener(at: [.ipv4, .ipv6]) { listener in
      let ours = Engine.allCases.map { Command.client($0, listener.endpoint) }
      for command in ours + [ThirdParty.netcat, .socat].map({ $0.client(of: listener.endpoint) }) {
        let client = try await command.reading(.open).run { client in
          let server = try await blocking {
            let server = try listener.socket.accept()
            try server.send(Self.before, urgent: 33, Self.behind)
            if closes { server.close() }
            return server
          }
          #expect(await client.output.wait(for: Self.before.count + Self.behind.count), "\(command)")
          client.closeInput()
          if closes { return }
          try await blocking {
            let rest = try server.receive()
            #expect(rest == "", "\(command)")
            server.close()
          }
        }.outcome
        #expect(client == Outcome(.exited(0), output: Self.before + Self.behind), "\(command)")
      }
    }
  }

  @Test("A server echoes the bytes before and behind an urgent byte", arguments: Engine.allCases)
  func server(engine: Engine) async throws {
    let command = Command.server(engine, "--service", "echo", "tcp:127.0.0.1:0")
    let (answer, server) = try await command.serve { server in
      try await blocking {
        let client = try RawSocket(connectedTo: server.endpoint)
        try client.send(Self.before, urgent: 33, Self.behind)
        try client.halfClose()
        return try client.receive()
      }
    }
    #expect(answer == Self.before + Self.behind)
    #expect(server.masked == Outcome(.exited(0), error: "listening tcp:127.0.0.1:PORT\n"))
  }
}
