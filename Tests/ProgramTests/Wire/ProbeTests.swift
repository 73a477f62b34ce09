import Testing

/// A client that only finds out whether a server accepts clients, as `nc -z`.
@Suite(.limitedConcurrency, .repeatable())
struct ProbeTests {
  @Test("A probe copies nothing, and the server reports no error", arguments: Pairing.all, Service.allCases)
  func probe(pairing: Pairing, service: Service) async throws {
    try await withTemporaryFolder { folder in
      for endpoint in Self.endpoints(in: folder) {
        let command = Command.server(
          pairing.server, "-k", "--log", "json", "--log-level", "debug", "--service", "\(service)", endpoint)
        let (client, server) = try await command.serveAndStop { server in
          let client = try await Command.client(pairing.client, "-z", server.endpoint).run(input: "unread\n")
          let record = Array("\"message\":\"client\"".utf8)
          #expect(await server.process.error.wait { $0.contains(record) }, "\(endpoint)")
          return client
        }
        #expect(client == Outcome(.exited(0)), "\(endpoint)")
        #expect(server.status == .exited(0), "\(endpoint)")
        #expect(server.error.contains("\"end\":\"end\"") && server.error.contains("\"received\":0"), "\(server.error)")
        #expect(!server.error.contains("\"level\":\"error\""), "\(endpoint): \(server.error)")
      }
    }
  }

  @Test("With -v a probe prints the address that accepted", arguments: Engine.allCases)
  func verbose(engine: Engine) async throws {
    let (client, _) = try await Command.server(engine, "0").serve { server in
      try await Command.client(engine, "-zv", server.endpoint).run(input: "unread\n")
    }
    let steps = """
      create: descriptor 3, tcp:127.0.0.1:PORT
      connect: descriptor 3, tcp:127.0.0.1:PORT
      close: descriptor 3, tcp:127.0.0.1:PORT

      """
    #expect(client.masked == Outcome(.exited(0), error: steps))
  }

  @Test("A server of one client serves a probe, and exits with 0", arguments: Pairing.all)
  func oneClient(pairing: Pairing) async throws {
    try await withTemporaryFolder { folder in
      for endpoint in Self.endpoints(in: folder) {
        let (client, server) = try await Command.server(pairing.server, endpoint).serve { server in
          try await Command.client(pairing.client, "--probe", server.endpoint).run()
        }
        #expect(client == Outcome(.exited(0)), "\(endpoint)")
        #expect(server.masked == Outcome(.exited(0), error: "listening \(endpoint)\n").masked)
      }
    }
  }

  @Test("A probe without a server fails with the reason", arguments: Engine.allCases)
  func noServer(engine: Engine) async throws {
    let taken = try RawSocket(boundTo: "tcp:127.0.0.1:0")
    let refused = try await Command.client(engine, "-z", taken.endpoint).run()
    let reason = "Error : Connect Failed: \(taken.endpoint): Connection refused\n"
    #expect(refused == Outcome(.exited(1), error: reason))
    try await withTemporaryFolder { folder in
      for endpoint in [SocketKind.path.endpoint(in: folder)] + LinkKind.allCases.map({ $0.endpoint(in: folder) }) {
        let client = try await Command.client(engine, "-z", endpoint).run()
        let reason = "Error : Connect Failed: \(endpoint): No such file or directory\n"
        #expect(client == Outcome(.exited(1), error: reason))
      }
    }
  }

  /// Whether the reset comes before or after the half-close is chance.
  @Test("A server that accepts and resets at once has accepted", arguments: Engine.allCases)
  func reset(engine: Engine) async throws {
    try await withListener { listener in
      for _ in 1...20 {
        async let client = Command.client(engine, "-z", listener.endpoint).run()
        try await blocking { try listener.socket.accept().reset() }
        let outcome = try await client
        #expect(outcome == Outcome(.exited(0)))
      }
    }
  }

  @Test("A probe that is not accepted fails after --timeout", arguments: Engine.allCases)
  func timeout(engine: Engine) async throws {
    try await withListener(at: [.path], backlog: 0) { listener in
      let waiting = try RawSocket(connectedTo: listener.endpoint)
      let client = try await Command.client(engine, "-z", "--timeout", "0.2", listener.endpoint).run()
      let reason = "Error : Connect Failed: \(listener.endpoint): Connection timed out\n"
      #expect(client == Outcome(.exited(1), error: reason))
      waiting.close()
    }
  }

  @Test(
    "nc, socat and Python receive nothing from a probe but its end", arguments: ThirdParty.allCases,
    InteropTests.kinds)
  func thirdParty(thirdParty: ThirdParty, kind: SocketKind) async throws {
    for engine in Engine.allCases {
      try await withTemporaryFolder { folder in
        let (client, server) = try await thirdParty.server(at: kind, in: folder).reading(.open).run {
          server -> Outcome in
          if thirdParty == .python { server.closeInput() }
          let line = try #require(await server.error.line(after: thirdParty.announcement), "\(server.error.text)")
          let endpoint = try #require(thirdParty.endpoint(from: line, at: kind, in: folder), "\(line)")
          let client = try await Command.client(engine, "-z", endpoint).run(input: "unread\n")
          server.closeInput()
          return client
        }
        #expect(client == Outcome(.exited(0)), "\(engine)-client")
        #expect(server.output == "", "\(engine)-client")
        #expect(server.status == .exited(0), "\(engine)-client: \(server)")
      }
    }
  }

  private static func endpoints(in folder: TemporaryFolder) -> [String] {
    SocketKind.allCases.map { $0.endpoint(in: folder) } + LinkKind.allCases.map { $0.endpoint(in: folder) }
  }
}
