import Testing

/// The exact error message of each failure, and exit status 1.
@Suite(.limitedConcurrency, .repeatable())
struct ErrorMessageTests {
  private func failed(_ error: String, output: Bytes = "") -> Outcome {
    Outcome(.exited(1), output: output, error: "Error : \(error)\n")
  }

  @Test("A server reports that its address is in use or not available", arguments: Engine.allCases)
  func bind(engine: Engine) async throws {
    try await withListener(at: [.ipv4, .ipv6]) { listener in
      let server = try await Command.server(engine, listener.endpoint).run()
      #expect(server == failed("Could not bind on Given IP: \(listener.endpoint): Address already in use"))
    }
    let elsewhere = try await Command.server(engine, "tcp:192.0.2.1:0").run()
    #expect(elsewhere == failed("Could not bind on Given IP: tcp:192.0.2.1:0: Cannot assign requested address"))
  }

  @Test("A client reports that no server listens", arguments: Engine.allCases)
  func connect(engine: Engine) async throws {
    for kind in [SocketKind.ipv4, .ipv6] {
      try await withTemporaryFolder { folder in
        let taken = try RawSocket(boundTo: kind.endpoint(in: folder))
        let client = try await Command.client(engine, taken.endpoint).run()
        #expect(client == failed("Connect Failed: \(taken.endpoint): Connection refused"))
      }
    }
    try await withTemporaryFolder { folder in
      let missing = SocketKind.path.endpoint(in: folder)
      #expect(
        try await Command.client(engine, missing).run()
          == failed("Connect Failed: \(missing): No such file or directory"))
      try RawSocket(boundTo: missing).close()
      #expect(
        try await Command.client(engine, missing).run() == failed("Connect Failed: \(missing): Connection refused"))
      let name = SocketKind.abstract.endpoint(in: folder)
      #expect(try await Command.client(engine, name).run() == failed("Connect Failed: \(name): Connection refused"))
    }
  }

  @Test("The programs report the resolver's error for an unknown name")
  func unknownName() async throws {
    var errors: Set<String> = []
    for engine in Engine.allCases {
      let outcome = try await Command.client(engine, "no-such-host.invalid", "80").run()
      #expect(outcome.status == .exited(1), "\(engine)-client")
      #expect(outcome.output == "", "\(engine)-client")
      #expect(outcome.error.hasPrefix("Error : Connect Failed: tcp:no-such-host.invalid:80: "), "\(engine)-client")
      errors.insert(outcome.error)
    }
    #expect(errors.count == 1, "both clients print the same")
    errors = []
    for engine in Engine.allCases {
      let outcome = try await Command.server(engine, "no-such-host.invalid", "80").run()
      #expect(outcome.status == .exited(1), "\(engine)-server")
      let start = "Error : Could not bind on Given IP: tcp:no-such-host.invalid:80: "
      #expect(outcome.error.hasPrefix(start), "\(engine)-server")
      errors.insert(outcome.error)
    }
    #expect(errors.count == 1, "both servers print the same")
  }

  @Test(
    "A client times out if the server's backlog is full", arguments: Engine.allCases,
    [SocketKind.ipv4, .path, .abstract])
  func timeout(engine: Engine, kind: SocketKind) async throws {
    try await withListener(at: [kind], backlog: 0) { listener in
      let first = try RawSocket(connectedTo: listener.endpoint)
      let start = ContinuousClock.now
      let client = try await Command.client(engine, "--timeout", "0.3", listener.endpoint).run()
      #expect(client == failed("Connect Failed: \(listener.endpoint): Connection timed out"))
      #expect(start.duration(to: .now) >= .milliseconds(300))
      #expect(start.duration(to: .now) < .seconds(10), "the timeout is shorter than the default")
      first.close()
    }
  }

  @Test("A client prints all data that it received before a reset", arguments: Engine.allCases)
  func reset(engine: Engine) async throws {
    let data = Bytes.random(20_000)
    for endsInput in [true, false] {
      try await withListener { listener in
        let client = try await Command.client(engine, listener.endpoint).reading(.open).run { client in
          client.write("some")
          if endsInput { client.closeInput() }
          try await blocking {
            let server = try listener.socket.accept()
            _ = try endsInput ? server.receive() : server.receive(4)
            try server.send(data)
            try server.reset()
          }
          _ = try await client.ends(within: 10_000)
        }.outcome
        let expected = failed("Read error: \(listener.endpoint): Connection reset by peer", output: data)
        #expect(client == expected, "ends input: \(endsInput)")
      }
    }
  }

  @Test(
    "A client prints data and reports a reset that arrive before it checks that it is connected",
    arguments: Engine.allCases)
  func earlyReset(engine: Engine) async throws {
    try await withListener { listener in
      let command = Command.client(engine, listener.endpoint)
        .traced("-o", "/dev/null", "-e", "trace=getsockopt", "-e", "inject=getsockopt:delay_enter=500000")
      let outcome = try await command.run { _ in
        try await blocking {
          let server = try listener.socket.accept()
          try server.send("before")
          try server.reset()
        }
      }.outcome
      #expect(outcome == failed("Read error: \(listener.endpoint): Connection reset by peer", output: "before"))
    }
  }

  @Test("A client that still sends input reports a reset", arguments: Engine.allCases, SocketKind.twoKinds)
  func resetWhileSending(engine: Engine, kind: SocketKind) async throws {
    try await withListener(at: [kind]) { listener in
      let command = Command.client(engine, listener.endpoint).reading(.file("/dev/zero"))
      let client = try await command.run { _ in
        try await blocking {
          let server = try listener.socket.accept()
          try server.send("before")
          _ = try server.receive(1_000_000)
          try server.reset()
        }
      }.outcome
      #expect(client == failed("Read error: \(listener.endpoint): Connection reset by peer", output: "before"))
    }
  }

  @Test("A client reports a full disk or a closed pipe at its output", arguments: Engine.allCases)
  func clientOutput(engine: Engine) async throws {
    for (output, reason) in [
      (Command.Output.file("/dev/full"), "No space left on device"), (.first(0), "Broken pipe"),
    ] {
      try await withListener { listener in
        let command = Command.client(engine, listener.endpoint).writing(output)
        let client = try await command.run { _ in
          try await blocking {
            let server = try listener.socket.accept()
            try server.send("lost")
            _ = try? server.receive()
          }
        }.outcome
        #expect(client == failed("fputs error: standard output: \(reason)"))
      }
    }
  }

  @Test(
    "A full disk or a closed pipe at its output ends a server, even with -k", arguments: Engine.allCases, [[], ["-k"]])
  func serverOutput(engine: Engine, options: [String]) async throws {
    for (output, reason) in [
      (Command.Output.file("/dev/full"), "No space left on device"), (.first(0), "Broken pipe"),
    ] {
      try await withTemporaryFolder { folder in
        let endpoint = SocketKind.path.endpoint(in: folder)
        var command = Command.server(engine, "--service", "message", endpoint).writing(output)
        command.arguments += options.map { Array($0.utf8) }
        let (answer, server) = try await command.serve { server in
          try await blocking {
            let client = try RawSocket(connectedTo: server.endpoint)
            try client.send("hello\n")
            return try client.receive()
          }
        }
        #expect(answer == "", "the server does not acknowledge a message that it could not print")
        let error = "listening \(endpoint)\nError : fputs error: standard output: \(reason)\n"
        #expect(server == Outcome(.exited(1), error: error))
        #expect(folder.status("socket") == nil)
      }
    }
  }

  @Test("A client reports that it can't read its input", arguments: Engine.allCases)
  func input(engine: Engine) async throws {
    try await withListener { listener in
      let client = try await Command.client(engine, listener.endpoint).reading(.file("/")).run()
      #expect(client == failed("Read error: standard input: Is a directory"))
    }
  }

  @Test("The programs work with closed standard descriptors", arguments: Engine.allCases)
  func closedDescriptors(engine: Engine) async throws {
    func run(_ service: String, server: String, client: String) async throws -> (server: Outcome, client: Outcome) {
      try await withTemporaryFolder { folder in
        let command = Command.server(engine, "--service", service, SocketKind.path.endpoint(in: folder))
        let (client, server) = try await command.inShell("exec \"$0\" \"$@\" \(server)").serve { server in
          let command = Command.client(engine, server.endpoint).inShell("exec \"$0\" \"$@\" \(client)")
          return try await command.run(input: "hello\n")
        }
        return (server.masked, client)
      }
    }
    let noInput = try await run("echo", server: "<&-", client: "<&-")
    #expect(noInput.client == Outcome(.exited(0)))
    #expect(noInput.server.status == .exited(0))
    let noOutput = try await run("echo", server: "<&- >&-", client: ">&-")
    #expect(noOutput.client == failed("fputs error: standard output: Bad file descriptor"))
    let message = try await run("message", server: ">&-", client: "")
    #expect(message.client == Outcome(.exited(0)), "a server that can't print sends no acknowledgement")
    #expect(message.server.status == .exited(1))
    #expect(message.server.error.hasSuffix("Error : fputs error: standard output: Bad file descriptor\n"))
    let allClosed = try await run("echo", server: "<&- >&-", client: "<&- >&- 2>&-")
    #expect(allClosed.client == Outcome(.exited(0)))
    let noError = try await run("echo", server: "<&- >&-", client: ">&- 2>&-")
    #expect(noError.client == Outcome(.exited(1)))
  }
}
