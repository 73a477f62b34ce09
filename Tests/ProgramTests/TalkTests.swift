import Testing

/// What the programs say of themselves and of their steps.
@Suite(.fewAtATime, .repeatable())
struct TalkTests {
  @Test("The steps of a message, in the tutorials' order", arguments: Pairing.all)
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

  @Test("The steps of an echo, with both ends", arguments: Pairing.all)
  func echo(pairing: Pairing) async throws {
    let (client, server) = try await verbose(pairing, "echo", "-k", "--backlog", "3") { client in
      client.write("a")
      #expect(await client.output.wait(for: 1))
      client.finishInput()
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
    talk: @escaping @Sendable (Running) async throws -> Void
  ) async throws -> (client: Outcome, server: Outcome) {
    var command = Command.server(pairing.server, "--verbose", "--service", service, "0")
    command.arguments += options.map { Array($0.utf8) }
    let (client, server) = try await command.serve { server in
      let client = try await Command.client(pairing.client, "-v", server.endpoint).reading(.open).run(talk).outcome
      if options.contains("-k") {
        _ = await server.process.error.line(after: "close: descriptor 7")
        server.stop()
      }
      return client
    }
    return (client, server)
  }

  @Test("The steps that fail", arguments: Engine.allCases)
  func failing(engine: Engine) async throws {
    try await withListener { listener in
      let name = listener.name
      let server = try await Command.server(engine, "-v", name).run()
      let steps = """
        create: descriptor 5, \(name)
        bind: descriptor 5, \(name): Address already in use
        Error : Could not bind on Given IP: \(name): Address already in use

        """
      #expect(server == Outcome(.exited(1), error: steps))
    }
    let taken = try Socket(boundTo: "tcp:127.0.0.1:0")
    let client = try await Command.client(engine, "-v", taken.endpoint).run()
    let steps = """
      create: descriptor 3, \(taken.endpoint)
      connect: descriptor 3, \(taken.endpoint): Connection refused
      Error : Connect Failed: \(taken.endpoint): Connection refused

      """
    #expect(client == Outcome(.exited(1), error: steps))
  }

  @Test("Nothing but errors with --quiet, not even of a message that is cut", arguments: Engine.allCases)
  func quiet(engine: Engine) async throws {
    try await withFolder { folder in
      let endpoint = Place.path.endpoint(in: folder)
      let command = Command.server(engine, "--quiet", "--service", "message", endpoint)
      let (client, server) = try await command.run { server in
        // Nothing announces a quiet server: the first connection that it takes is the client's, whose try it is.
        try await blocking {
          var client: Socket?
          while client == nil, !server.awaitEnd(within: 1) { client = try? Socket(connectedTo: endpoint) }
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
      let server = try await Command.server(engine, "--quiet", listener.name).run()
      let error = "Error : Could not bind on Given IP: \(listener.name): Address already in use\n"
      #expect(server == Outcome(.exited(1), error: error))
    }
  }

  @Test("Help and version differ in the name only", arguments: ["server", "client"], ["--help", "-h", "--version"])
  func help(role: String, option: String) async throws {
    var said: [[Substring]] = []
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
      said.append(text.masked.split(separator: "\n", omittingEmptySubsequences: false))
    }
    #expect(said[1].difference(from: said[0]).map { "\($0)" } == [])
  }
}
