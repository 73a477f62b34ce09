import Testing

/// A server uses all listeners that a supervisor passes.
@Suite(.limitedConcurrency, .repeatable())
struct ListenersTests {
  @Test(
    "A server serves the clients of all listeners that systemd passes to it, also with several workers",
    arguments: Engine.allCases, [1, 3])
  func allListeners(engine: Engine, workers: Int) async throws {
    let data = Bytes.random(100_000)
    try await withTemporaryFolder { folder in
      let (v4, v6) = (try RawSocket(reserving: .ipv4), try RawSocket(reserving: .ipv6))
      let (path, abstract) = (SocketKind.path.endpoint(in: folder), SocketKind.abstract.endpoint(in: folder))
      let endpoints = [v4.endpoint, v6.endpoint, path, abstract]
      let addresses = endpoints.map { String($0.drop { $0 != ":" }.dropFirst()) }
      let command = Command.server(
        engine, "-k", "--service", "echo", "--workers", "\(workers)", "--log", "text", "--log-level", "debug"
      ).activated(at: addresses)
      let server = try await command.run { server in
        let isReady = await server.error.line(after: "Listening on \(addresses[3]) as 6.") != nil
        try #require(isReady, "\(server.error.text)")
        for client in Engine.allCases {
          for endpoint in endpoints {
            #expect(try await Command.client(client, endpoint).run(input: data) == Outcome(.exited(0), output: data))
          }
        }
        server.send(.terminate)
      }.outcome
      #expect(server.status == .exited(0), "\(server)")
      let log = server.error.split(separator: "\n")
      for endpoint in endpoints {
        for state in ["listening", "stopping"] {
          let lines = log.count { $0.hasSuffix(" info \(state) endpoint=\(endpoint)") }
          #expect(lines == 1, "\(state) \(endpoint)")
        }
        let clients = log.count { $0.contains(" debug client ") && $0.contains(" peer=\(endpoint) ") }
        #expect(clients == (endpoint == path || endpoint == abstract ? 2 : 0), "\(endpoint)")
      }
      withExtendedLifetime((v4, v6)) {}
    }
  }

  @Test("Plain lines name each endpoint, and --verbose the close of each listener", arguments: Engine.allCases)
  func lines(engine: Engine) async throws {
    try await withTemporaryFolder { folder in
      let addresses = [folder.path("a"), folder.path("b")]
      let command = Command.server(engine, "-k", "--verbose").activated(at: addresses)
      let server = try await command.run { server in
        let isReady = await server.error.line(after: "Listening on \(addresses[1]) as 4.") != nil
        try #require(isReady, "\(server.error.text)")
        let answer = try await blocking { try RawSocket(connectedTo: "unix:\(addresses[1])").receive() }
        #expect(answer == "Server Message")
        server.send(.terminate)
      }.outcome
      #expect(server.status == .exited(0), "\(server)")
      for (number, address) in zip(3..., addresses) {
        #expect(server.error.contains("\nlistening unix:\(address)\n"), "\(server)")
        #expect(server.error.contains("\nclose: descriptor \(number), unix:\(address)\n"), "\(server)")
      }
      let accept = server.error.split(separator: "\n").first { $0.hasPrefix("accept: ") }
      #expect(accept?.hasSuffix(", unix:\(addresses[1])") == true, "\(server)")
    }
  }
}
