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

  @Test("A number of listeners that the server can't serve is a usage error", arguments: Engine.allCases)
  func numberOfListeners(engine: Engine) async throws {
    let some = "a supervisor must pass 1 to 16 listeners"
    for (count, arguments, complaint) in [
      ("0", [], "LISTEN_FDS=0: \(some)"), ("17", [], "LISTEN_FDS=17: \(some)"), ("-1", [], "LISTEN_FDS=-1: \(some)"),
      ("+1", [], "LISTEN_FDS=+1: \(some)"), ("''", [], "LISTEN_FDS=: \(some)"), ("one", [], "LISTEN_FDS=one: \(some)"),
      ("99999999999999999999", [], "LISTEN_FDS=99999999999999999999: \(some)"),
      (#""$(printf 'o\033\nne')""#, [], #"LISTEN_FDS=o\^[\^Jne: \#(some)"#),
      ("1", ["0"], "LISTEN_FDS=1: the supervisor listens, so give no address"),
      ("3", ["0"], "LISTEN_FDS=3: the supervisor listens, so give no address"),
      ("3", ["--backlog", "5"], "LISTEN_FDS=3: the supervisor listens, so give no --backlog"),
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
    for (redirection, names, subject, reason) in [
      ("3</dev/null", "", "descriptor 3", "Socket operation on non-socket"),
      ("3<&-", " LISTEN_FDNAMES=", "descriptor 3 ()", "Bad file descriptor"),
      ("3<&-", " LISTEN_FDNAMES=web:log", "descriptor 3 (web)", "Bad file descriptor"),
      ("3<&-", #" LISTEN_FDNAMES="$(printf 'w\033b')""#, #"descriptor 3 (w\^[b)"#, "Bad file descriptor"),
    ] {
      let variables = "LISTEN_PID=$$ LISTEN_FDS=1\(names)"
      let server = try await Command.server(engine).withEnvironment(variables, redirection).run()
      #expect(server == Outcome(.exited(1), error: Self.error(subject, reason)))
    }
  }

  private static func error(_ subject: String, _ reason: String) -> String {
    "Error : Could not listen: LISTEN_FDS, \(subject): \(reason): a supervisor must pass stream sockets that listen, "
      + "or a single one that is connected\n"
  }

  @Test("Of several descriptors, the first one that is not a listener is named", arguments: Engine.allCases)
  func oneOfSeveral(engine: Engine) async throws {
    try await withTemporaryFolder { folder in
      // systemd-socket-activate passes seven listeners, and the shell changes what the server gets: the number 10 is the
      // first one that a program may use for other purposes.
      let addresses = (1...7).map { folder.path("\($0)") }
      for (redirection, subject, reason) in [
        ("4</dev/null", "descriptor 4 (b)", "Socket operation on non-socket"),
        ("", "descriptor 10 (h)", "Bad file descriptor"),
      ] {
        let server = Command.server(engine).withEnvironment(
          "LISTEN_PID=$$ LISTEN_FDS=16 LISTEN_FDNAMES=a:b:c:d:e:f:g:h", redirection)
        let outcome = try await server.activated(at: addresses).run { server in
          let isReady = await server.error.line(after: "Listening on \(addresses[6]) as 9.") != nil
          try #require(isReady, "\(server.error.text)")
          let client = try RawSocket(connectedTo: "unix:\(addresses[0])")
          _ = try await server.ends(within: 10_000)
          client.close()
        }.outcome
        #expect(outcome.status == .exited(1))
        #expect(outcome.error.hasSuffix("\n" + Self.error(subject, reason)), "\(outcome)")
      }
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
