import Testing

/// The output of --verbose, --quiet, --help and --version.
@Suite(.limitedConcurrency, .repeatable())
struct VerboseOutputTests {
  @Test("With --verbose, both programs print the steps of a message", arguments: Pairing.all)
  func message(pairing: Pairing) async throws {
    let (client, server) = try await verbose(pairing, "message") { client in
      client.write("hello\n")
      _ = try await client.ends(within: 10_000)
    }
    let steps = """
      create: descriptor 5, tcp:127.0.0.1:PORT
      bind: descriptor 5, tcp:127.0.0.1:PORT
      listen: descriptor 5, tcp:127.0.0.1:PORT, backlog 10
      listening tcp:127.0.0.1:PORT
      accept: descriptor 7, tcp:127.0.0.1:PORT
      receive: descriptor 7, tcp:127.0.0.1:PORT, 6 bytes
      output: descriptor 1, 28 bytes
      send: descriptor 7, tcp:127.0.0.1:PORT, 18 bytes
      close: descriptor 7, tcp:127.0.0.1:PORT
      close: descriptor 5, tcp:127.0.0.1:PORT

      """
    #expect(server.masked == Outcome(.exited(0), output: "Here is the message: hello\n\n", error: steps))
    let clientSteps = """
      create: descriptor 3, tcp:127.0.0.1:PORT
      connect: descriptor 3, tcp:127.0.0.1:PORT
      input: descriptor 0, 6 bytes
      send: descriptor 3, tcp:127.0.0.1:PORT, 6 bytes
      receive: descriptor 3, tcp:127.0.0.1:PORT, 18 bytes
      output: descriptor 1, 18 bytes
      receive: descriptor 3, tcp:127.0.0.1:PORT, 0 bytes
      close: descriptor 3, tcp:127.0.0.1:PORT

      """
    #expect(client.masked == Outcome(.exited(0), output: "I got your message", error: clientSteps))
  }

  @Test("With --verbose, both programs print the steps of an echo", arguments: Pairing.all)
  func echo(pairing: Pairing) async throws {
    let (client, server) = try await verbose(pairing, "echo", "-k", "--backlog", "3") { client in
      client.write("a")
      #expect(await client.output.wait(for: 1))
      client.closeInput()
      _ = try await client.ends(within: 10_000)
    }
    let steps = """
      create: descriptor 5, tcp:127.0.0.1:PORT
      bind: descriptor 5, tcp:127.0.0.1:PORT
      listen: descriptor 5, tcp:127.0.0.1:PORT, backlog 3
      listening tcp:127.0.0.1:PORT
      accept: descriptor 7, tcp:127.0.0.1:PORT
      receive: descriptor 7, tcp:127.0.0.1:PORT, 1 byte
      send: descriptor 7, tcp:127.0.0.1:PORT, 1 byte
      receive: descriptor 7, tcp:127.0.0.1:PORT, 0 bytes
      close: descriptor 7, tcp:127.0.0.1:PORT
      stop: descriptor 3, tcp:127.0.0.1:PORT
      close: descriptor 5, tcp:127.0.0.1:PORT

      """
    #expect(server.masked == Outcome(.exited(0), error: steps))
    let clientSteps = """
      create: descriptor 3, tcp:127.0.0.1:PORT
      connect: descriptor 3, tcp:127.0.0.1:PORT
      input: descriptor 0, 1 byte
      send: descriptor 3, tcp:127.0.0.1:PORT, 1 byte
      receive: descriptor 3, tcp:127.0.0.1:PORT, 1 byte
      output: descriptor 1, 1 byte
      input: descriptor 0, 0 bytes
      finish: descriptor 3, tcp:127.0.0.1:PORT
      receive: descriptor 3, tcp:127.0.0.1:PORT, 0 bytes
      close: descriptor 3, tcp:127.0.0.1:PORT

      """
    #expect(client.masked == Outcome(.exited(0), output: "a", error: clientSteps))
  }

  private func verbose(
    _ pairing: Pairing, _ service: String, _ options: String...,
    body: @escaping @Sendable (RunningProcess) async throws -> Void
  ) async throws -> (client: Outcome, server: Outcome) {
    var command = Command.server(pairing.server, "--verbose", "--service", service, "0")
    command.arguments += options.map { Array($0.utf8) }
    let (client, server) = try await command.serve { server in
      let client = try await Command.client(pairing.client, "-v", server.endpoint).reading(.open).run(body).outcome
      if options.contains("-k") {
        _ = await server.process.error.line(after: "close: descriptor 7")
        server.stop()
      }
      return client
    }
    return (client, server)
  }

  @Test("With --verbose, both programs print the step that fails", arguments: Engine.allCases)
  func failedStep(engine: Engine) async throws {
    try await withListener { listener in
      let name = listener.endpoint
      let server = try await Command.server(engine, "-v", name).run()
      let steps = """
        create: descriptor 5, \(name)
        bind: descriptor 5, \(name): Address already in use
        Error : Could not bind on Given IP: \(name): Address already in use

        """
      #expect(server == Outcome(.exited(1), error: steps))
    }
    let taken = try RawSocket(boundTo: "tcp:127.0.0.1:0")
    let client = try await Command.client(engine, "-v", taken.endpoint).run()
    let steps = """
      create: descriptor 3, \(taken.endpoint)
      connect: descriptor 3, \(taken.endpoint): Connection refused
      Error : Connect Failed: \(taken.endpoint): Connection refused

      """
    #expect(client == Outcome(.exited(1), error: steps))
  }

  @Test("With --quiet, both programs print errors only, and no warning of a cut message", arguments: Engine.allCases)
  func quiet(engine: Engine) async throws {
    try await withTemporaryFolder { folder in
      let endpoint = SocketKind.path.endpoint(in: folder)
      let command = Command.server(engine, "--quiet", "--service", "message", endpoint)
      let (client, server) = try await command.run { server in
        // A quiet server does not announce that it listens, so the client retries until it connects.
        try await blocking {
          var client: RawSocket?
          while client == nil, !server.awaitEnd(within: 1) { client = try? RawSocket(connectedTo: endpoint) }
          try client?.send(Bytes([UInt8](repeating: 65, count: 300)))
          return try client?.receive()
        }
      }
      #expect(client == "I got your message")
      let printed = "Here is the message: \(String(repeating: "A", count: 255))\n"
      #expect(server == Outcome(.exited(0), output: Bytes(printed.utf8)))
    }
    let (client, _) = try await Command.server(engine, "0").serve { server in
      try await Command.client(engine, "--quiet", server.endpoint).run()
    }
    #expect(client == Outcome(.exited(0), output: "Server Message"))
    try await withListener { listener in
      let server = try await Command.server(engine, "--quiet", listener.endpoint).run()
      let error = "Error : Could not bind on Given IP: \(listener.endpoint): Address already in use\n"
      #expect(server == Outcome(.exited(1), error: error))
    }
  }

  @Test(
    "The help and version of both engines differ in the program's name only", arguments: ["server", "client"],
    ["--help", "-h", "--version"])
  func help(role: String, option: String) async throws {
    var outputs: [[Substring]] = []
    for engine in Engine.allCases {
      let outcome = try await Command(program: "\(engine)-\(role)", [Array(option.utf8)]).run()
      #expect(outcome.status == .exited(0), "\(engine)-\(role)")
      #expect(outcome.error == "", "\(engine)-\(role)")
      let text = String(decoding: outcome.output.array, as: UTF8.self)
      if option == "--version" {
        #expect(text.wholeMatch(of: /(c|swift)-(server|client) \d+\.\d+\.\d+\n/) != nil, "\(engine)-\(role)")
      } else {
        #expect(text.contains("\nUSAGE: \(engine)-\(role) [<"), "\(engine)-\(role)")
      }
      outputs.append(text.masked.split(separator: "\n", omittingEmptySubsequences: false))
    }
    #expect(outputs[1].difference(from: outputs[0]).map { "\($0)" } == [])
  }
}
