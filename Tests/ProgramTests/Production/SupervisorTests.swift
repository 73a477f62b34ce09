import Testing

/// A server uses a supervisor's listener, and notifies the supervisor of its start and its stop.
@Suite(.limitedConcurrency, .repeatable())
struct SupervisorTests {
  @Test(
    "A server accepts clients from the listener that systemd passes to it", arguments: Engine.allCases,
    SocketKind.allCases)
  func socketActivation(engine: Engine, kind: SocketKind) async throws {
    let data = Bytes.random(100_000)
    try await withTemporaryFolder { folder in
      let reserved = try RawSocket(reserving: kind)
      let endpoint = kind == .ipv4 || kind == .ipv6 ? reserved.endpoint : kind.endpoint(in: folder)
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
      #expect(kind != .path || folder.status("socket") != nil, "the server does not remove the supervisor's file")
      withExtendedLifetime(reserved) {}
    }
  }

  @Test("Without -k, a server serves the client that it was started for", arguments: Engine.allCases)
  func oneClient(engine: Engine) async throws {
    try await withTemporaryFolder { folder in
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

  @Test("A server ignores listeners that are meant for another process", arguments: Engine.allCases)
  func anotherProcess(engine: Engine) async throws {
    for variables in ["LISTEN_PID=1 LISTEN_FDS=1", "LISTEN_PID= LISTEN_FDS=1", "LISTEN_FDS=1", "LISTEN_PID=$$"] {
      let command = Command.server(engine, "-k", "0").withEnvironment(variables, "3</dev/null")
      let server = try await command.serveAndStop { server in
        let answer = try await blocking { try RawSocket(connectedTo: server.endpoint).receive() }
        #expect(answer == "Server Message", "\(variables)")
      }.outcome
      #expect(server.masked == Outcome(.exited(0), error: "listening tcp:127.0.0.1:PORT\n"), "\(variables)")
    }
  }

  @Test("Any number of listeners other than one is a usage error", arguments: Engine.allCases)
  func numberOfListeners(engine: Engine) async throws {
    let one = "a supervisor must pass exactly one listener"
    for (count, arguments, complaint) in [
      ("0", [], "LISTEN_FDS=0: \(one)"), ("2", [], "LISTEN_FDS=2: \(one)"), ("-1", [], "LISTEN_FDS=-1: \(one)"),
      ("''", [], "LISTEN_FDS=: \(one)"), ("one", [], "LISTEN_FDS=one: \(one)"),
      (#""$(printf 'o\033\nne')""#, [], #"LISTEN_FDS=o\^[\^Jne: \#(one)"#),
      ("1", ["0"], "LISTEN_FDS=1: the supervisor passes a listener, so give no address"),
      (
        "1", ["--backlog", "5"],
        "LISTEN_FDS=1: the supervisor passes a listener with its backlog, so give no --backlog"
      ),
    ] {
      var command = Command.server(engine)
      command.arguments = arguments.map { Array($0.utf8) }
      let server = try await command.withEnvironment("LISTEN_PID=$$ LISTEN_FDS=\(count)").run()
      #expect(server.status == .exited(64), "\(server)")
      #expect(server.output == "")
      #expect(server.error.hasPrefix("Error: \(complaint)\n"), "\(server)")
    }
  }

  @Test("Options for TCP are rejected for a Unix socket that a supervisor passes", arguments: Engine.allCases)
  func optionsForTCP(engine: Engine) async throws {
    try await withTemporaryFolder { folder in
      let path = folder.path("socket")
      let server = try await Command.server(engine, "--keepalive", "5").activated(at: [path]).run { server in
        let isReady = await server.error.line(after: "Listening on ") != nil
        try #require(isReady, "\(server.error.text)")
        // The server ends without accepting the client, which may be a reset.
        _ = try? await blocking { try RawSocket(connectedTo: "unix:\(path)").receive() }
      }.outcome
      #expect(server.status == .exited(64), "\(server)")
      #expect(server.error.contains("\nError: --keepalive applies to TCP only"), "\(server)")
    }
  }

  @Test("A passed descriptor that is not a listener is an error that names the descriptor", arguments: Engine.allCases)
  func notAListener(engine: Engine) async throws {
    for (redirection, reason) in [
      ("3</dev/null", "Socket operation on non-socket"), ("3<&-", "Bad file descriptor"),
    ] {
      let server = try await Command.server(engine).withEnvironment("LISTEN_PID=$$ LISTEN_FDS=1", redirection).run()
      let error = "Error : Could not listen: LISTEN_FDS, descriptor 3: \(reason)\n"
      #expect(server == Outcome(.exited(1), error: error))
    }
  }

  @Test(
    "A server notifies READY once it listens, and STOPPING at a stop", arguments: Engine.allCases,
    [SocketKind.path, .abstract])
  func notifications(engine: Engine, kind: SocketKind) async throws {
    try await withTemporaryFolder { folder in
      try await withNotifications(at: kind, in: folder) { notifications in
        let reserved = try RawSocket(reserving: .ipv4)
        let command = Command.server(engine, "-k", "--service", "echo", reserved.endpoint)
          .withEnvironment("NOTIFY_SOCKET=\(notifications.name)")
        let server = try await command.run { server in
          #expect(await notifications.wait(for: "READY=1"))
          let client = try await blocking { try RawSocket(connectedTo: reserved.endpoint) }
          server.send(.terminate)
          #expect(await notifications.wait(for: "READY=1STOPPING=1"))
          #expect(server.awaitEnd(within: 0) == false, "the server waits for its client to end")
          client.close()
        }.outcome
        #expect(server == Outcome(.exited(0), error: "listening \(reserved.endpoint)\n"))
        #expect(notifications.process.output.bytes == "READY=1STOPPING=1")
      }
    }
  }

  @Test(
    "A server does not wait for a supervisor that reads no notifications, and reports it", arguments: Engine.allCases)
  func fullNotifySocket(engine: Engine) async throws {
    try await withTemporaryFolder { folder in
      let path = folder.path("notify")
      let supervisor = Command.script("full_datagram_queue.py", [Array(path.utf8)]).reading(.open)
      _ = try await supervisor.run { supervisor in
        try #require(await supervisor.output.line(after: "full") != nil)
        let command = Command.server(engine, "-k", "0").withEnvironment("NOTIFY_SOCKET=\(path)")
        let server = try await command.serveAndStop { server in
          let answer = try await blocking { try RawSocket(connectedTo: server.endpoint).receive() }
          #expect(answer == "Server Message")
        }.outcome
        let warnings = ["READY=1", "STOPPING=1"].map {
          "Warning : NOTIFY_SOCKET: \($0) not sent: Resource temporarily unavailable\n"
        }
        #expect(server.masked == Outcome(.exited(0), error: "listening tcp:127.0.0.1:PORT\n" + warnings.joined()))
      }
    }
  }

  @Test("A server ignores a NOTIFY_SOCKET that is not reachable", arguments: Engine.allCases)
  func unreachableNotifySocket(engine: Engine) async throws {
    for name in ["/no/such/socket", "@", "", "/dev/null", String(repeating: "/long", count: 100)] {
      let command = Command.server(engine, "-k", "0").withEnvironment("NOTIFY_SOCKET=\(name)")
      let server = try await command.serveAndStop { server in
        let answer = try await blocking { try RawSocket(connectedTo: server.endpoint).receive() }
        #expect(answer == "Server Message", "\(name)")
      }.outcome
      #expect(server.masked == Outcome(.exited(0), error: "listening tcp:127.0.0.1:PORT\n"), "\(name)")
    }
  }
}
