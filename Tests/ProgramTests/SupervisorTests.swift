import Testing

/// A supervisor's listener is served, and it is told of the start and the stop.
@Suite(.fewAtATime, .repeatable())
struct SupervisorTests {
  @Test("systemd hands over its listener", arguments: Engine.allCases, Place.allCases)
  func activated(engine: Engine, place: Place) async throws {
    let data = Bytes.random(100_000)
    try await withFolder { folder in
      let held = try Socket(holding: place)
      let endpoint = place == .ipv4 || place == .ipv6 ? held.endpoint : place.endpoint(in: folder)
      let address = String(endpoint.drop { $0 != ":" }.dropFirst())
      let command = Command.server(engine, "-k", "--service", "echo").activated(at: [address])
      let server = try await command.run { server in
        let isReady = await server.error.line(after: "Listening on \(address) as 3.") != nil
        try #require(isReady, "\(server.error.text)")
        for client in Engine.allCases {
          #expect(try await Command.client(client, endpoint).run(input: data) == Outcome(.exited(0), output: data))
        }
        server.send(.terminate)
      }.outcome
      #expect(server.status == .exited(0), "\(server)")
      #expect(server.error.hasSuffix("\nlistening \(endpoint)\n"), "\(server)")
      #expect(place != .path || folder.status("socket") != nil, "who made the file removes it")
      withExtendedLifetime(held) {}
    }
  }

  @Test("One without -k serves the client that it was started for", arguments: Engine.allCases)
  func once(engine: Engine) async throws {
    try await withFolder { folder in
      let path = folder.path("socket")
      let server = try await Command.server(engine, "--quiet").activated(at: [path]).run { server in
        let isReady = await server.error.line(after: "Listening on ") != nil
        try #require(isReady, "\(server.error.text)")
        let client = Command.client(engine, "unix:\(path)").reading(.open)
        let outcome = try await client.run { client in _ = try await client.ends(within: 10_000) }.outcome
        #expect(outcome == Outcome(.exited(0), output: "Server Message"))
      }.outcome
      #expect(server.status == .exited(0), "\(server)")
    }
  }

  @Test("What is meant for another process is not taken", arguments: Engine.allCases)
  func another(engine: Engine) async throws {
    for variables in ["LISTEN_PID=1 LISTEN_FDS=1", "LISTEN_PID= LISTEN_FDS=1", "LISTEN_FDS=1", "LISTEN_PID=$$"] {
      let command = Command.server(engine, "-k", "0").with(variables, "3</dev/null")
      let server = try await command.serveAndStop { server in
        let answer = try await blocking { try Socket(connectedTo: server.endpoint).receive() }
        #expect(answer == "Server Message", "\(variables)")
      }.outcome
      #expect(server.masked == Outcome(.exited(0), error: "listening tcp:127.0.0.1:PORT\n"), "\(variables)")
    }
  }

  @Test("A wrong number of listeners is wrong usage", arguments: Engine.allCases)
  func number(engine: Engine) async throws {
    let one = "a supervisor hands on one listener"
    for (count, arguments, complaint) in [
      ("0", [], "LISTEN_FDS=0: \(one)"), ("2", [], "LISTEN_FDS=2: \(one)"), ("-1", [], "LISTEN_FDS=-1: \(one)"),
      ("''", [], "LISTEN_FDS=: \(one)"), ("one", [], "LISTEN_FDS=one: \(one)"),
      (#""$(printf 'o\033\nne')""#, [], #"LISTEN_FDS=o\^[\^Jne: \#(one)"#),
      ("1", ["0"], "LISTEN_FDS=1: a supervisor hands on a listener, so give no address"),
    ] {
      var command = Command.server(engine)
      command.arguments = arguments.map { Array($0.utf8) }
      let server = try await command.with("LISTEN_PID=$$ LISTEN_FDS=\(count)").run()
      #expect(server.status == .exited(64), "\(server)")
      #expect(server.output == "")
      #expect(server.error.hasPrefix("Error: \(complaint)\n"), "\(server)")
    }
  }

  @Test("What does not listen is an error that says which it is", arguments: Engine.allCases)
  func listener(engine: Engine) async throws {
    for (redirection, reason) in [
      ("3</dev/null", "Socket operation on non-socket"), ("3<&-", "Bad file descriptor"),
    ] {
      let server = try await Command.server(engine).with("LISTEN_PID=$$ LISTEN_FDS=1", redirection).run()
      let error = "Error : Could not listen: LISTEN_FDS, descriptor 3: \(reason)\n"
      #expect(server == Outcome(.exited(1), error: error))
    }
  }

  @Test("It tells READY once it serves, and STOPPING", arguments: Engine.allCases, [Place.path, .abstract])
  func notices(engine: Engine, place: Place) async throws {
    try await withFolder { folder in
      try await withNotices(at: place, in: folder) { notices in
        let held = try Socket(holding: .ipv4)
        let command = Command.server(engine, "-k", "--service", "echo", held.endpoint)
          .with("NOTIFY_SOCKET=\(notices.name)")
        let server = try await command.run { server in
          #expect(await notices.wait(for: "READY=1"))
          let client = try await blocking { try Socket(connectedTo: held.endpoint) }
          server.send(.terminate)
          #expect(await notices.wait(for: "READY=1STOPPING=1"))
          #expect(server.awaitEnd(within: 0) == false, "a client is left to end")
          client.close()
        }.outcome
        #expect(server == Outcome(.exited(0), error: "listening \(held.endpoint)\n"))
        #expect(notices.process.output.bytes == "READY=1STOPPING=1")
      }
    }
  }

  @Test("Who does not listen to notices, or can't, is no reason not to serve", arguments: Engine.allCases)
  func deaf(engine: Engine) async throws {
    for name in ["/no/such/socket", "@", "", "/dev/null", String(repeating: "/long", count: 100)] {
      let command = Command.server(engine, "-k", "0").with("NOTIFY_SOCKET=\(name)")
      let server = try await command.serveAndStop { server in
        let answer = try await blocking { try Socket(connectedTo: server.endpoint).receive() }
        #expect(answer == "Server Message", "\(name)")
      }.outcome
      #expect(server.masked == Outcome(.exited(0), error: "listening tcp:127.0.0.1:PORT\n"), "\(name)")
    }
  }
}
