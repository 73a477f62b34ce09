import Testing

/// Servers and clients of the same and of different engines.
@Suite(.limitedConcurrency, .repeatable())
struct PairingTests {
  @Test("Over sockets, each pairing of engines prints the same bytes", arguments: Exchange.all, SocketKind.allCases)
  func pairing(exchange: Exchange, kind: SocketKind) async throws {
    try await withTemporaryFolder { folder in
      for pairing in Pairing.all {
        let command = Command.server(pairing.server, "--service", "\(exchange.service)", kind.endpoint(in: folder))
        let (client, server) = try await command.serve { server in
          try await Command.client(pairing.client, server.endpoint).reading(exchange.input).writing(exchange.output)
            .run { client in _ = try await client.ends(within: 20_000) }.outcome
        }
        #expect(client == exchange.clientOutcome, "the client of \(pairing)")
        let listening = "listening \(kind.endpoint(in: folder))\n".masked
        #expect(
          server.masked == Outcome(.exited(0), output: exchange.printed, error: listening), "the server of \(pairing)")
      }
    }
  }

  @Test("A server of chargen exits with 0 when its client is killed", arguments: SocketKind.allCases)
  func killedClient(kind: SocketKind) async throws {
    try await withTemporaryFolder { folder in
      for pairing in Pairing.all {
        let command = Command.server(pairing.server, "--service", "chargen", kind.endpoint(in: folder))
        let (client, server) = try await command.serve { server in
          try await Command.client(pairing.client, server.endpoint).reading(.open).writing(.stalled(100_000)).run {
            client in
            #expect(await client.output.wait(for: 100_000), "the client of \(pairing)")
            client.send(.terminate)
          }.outcome
        }
        #expect(client == Outcome(.killed(by: 15), output: .chargen(100_000)), "the client of \(pairing)")
        let listening = "listening \(kind.endpoint(in: folder))\n".masked
        #expect(server.masked == Outcome(.exited(0), error: listening), "the server of \(pairing)")
      }
    }
  }
}
