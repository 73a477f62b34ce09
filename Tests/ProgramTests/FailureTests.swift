import Testing

/// What a program that fails says, to the letter, and that it exits with 1.
@Suite(.fewAtATime, .repeatable())
struct FailureTests {
  private func failed(_ error: String, output: Bytes = "") -> Outcome {
    Outcome(.exited(1), output: output, error: "Error : \(error)\n")
  }

  @Test("A port that is taken", arguments: Engine.allCases)
  func bind(engine: Engine) async throws {
    try await withListener(at: [.ipv4, .ipv6]) { listener in
      let server = try await Command.server(engine, listener.name).run()
      #expect(server == failed("Could not bind on Given IP: \(listener.name): Address already in use"))
    }
    let elsewhere = try await Command.server(engine, "tcp:192.0.2.1:0").run()
    #expect(elsewhere == failed("Could not bind on Given IP: tcp:192.0.2.1:0: Cannot assign requested address"))
  }

  @Test("Nobody listens", arguments: Engine.allCases)
  func connect(engine: Engine) async throws {
    for place in [Place.ipv4, .ipv6] {
      try await withFolder { folder in
        let taken = try Socket(boundTo: place.endpoint(in: folder))
        let client = try await Command.client(engine, taken.endpoint).run()
        #expect(client == failed("Connect Failed: \(taken.endpoint): Connection refused"))
      }
    }
    try await withFolder { folder in
      let missing = Place.path.endpoint(in: folder)
      #expect(
        try await Command.client(engine, missing).run()
          == failed("Connect Failed: \(missing): No such file or directory"))
      try Socket(boundTo: missing).close()
      #expect(
        try await Command.client(engine, missing).run() == failed("Connect Failed: \(missing): Connection refused"))
      let name = Place.abstract.endpoint(in: folder)
      #expect(try await Command.client(engine, name).run() == failed("Connect Failed: \(name): Connection refused"))
    }
  }

  @Test("A name that is none, in the resolver's words")
  func name() async throws {
    var said: Set<String> = []
    for engine in Engine.allCases {
      let outcome = try await Command.client(engine, "no-such-host.invalid", "80").run()
      #expect(outcome.status == .exited(1), "\(engine)-client")
      #expect(outcome.output == "", "\(engine)-client")
      #expect(outcome.error.hasPrefix("Error : Connect Failed: tcp:no-such-host.invalid:80: "), "\(engine)-client")
      said.insert(outcome.error)
    }
    #expect(said.count == 1, "both clients say the same")
    said = []
    for engine in Engine.allCases {
      let outcome = try await Command.server(engine, "no-such-host.invalid", "80").run()
      #expect(outcome.status == .exited(1), "\(engine)-server")
      let start = "Error : Could not bind on Given IP: tcp:no-such-host.invalid:80: "
      #expect(outcome.error.hasPrefix(start), "\(engine)-server")
      said.insert(outcome.error)
    }
    #expect(said.count == 1, "both servers say the same")
  }

  @Test("A server whose queue is full", arguments: Engine.allCases, [Place.ipv4, .path, .abstract])
  func timeout(engine: Engine, place: Place) async throws {
    try await withListener(at: [place], backlog: 0) { listener in
      let first = try Socket(connectedTo: listener.name)
      let start = ContinuousClock.now
      let client = try await Command.client(engine, "--timeout", "0.3", listener.name).run()
      #expect(client == failed("Connect Failed: \(listener.name): Connection timed out"))
      #expect(start.duration(to: .now) >= .milliseconds(300))
      #expect(start.duration(to: .now) < .seconds(10), "the default")
      first.close()
    }
  }

  @Test("A reset, after all that came before it", arguments: Engine.allCases)
  func reset(engine: Engine) async throws {
    let data = Bytes.random(20_000)
    for endsInput in [true, false] {
      try await withListener { listener in
        let client = try await Command.client(engine, listener.name).reading(.open).run { client in
          client.write("some")
          if endsInput { client.finishInput() }
          try await blocking {
            let server = try listener.socket.accept()
            _ = try endsInput ? server.receive() : server.receive(4)
            try server.send(data)
            try server.reset()
          }
          _ = try await client.ends(within: 10_000)
        }.outcome
        let expected = failed("Read error: \(listener.name): Connection reset by peer", output: data)
        #expect(client == expected, "ends input: \(endsInput)")
      }
    }
  }

  @Test("A reset that comes before a client has looked whether it is connected", arguments: Engine.allCases)
  func earlyReset(engine: Engine) async throws {
    try await withListener { listener in
      let command = Command.client(engine, listener.name)
        .traced("-o", "/dev/null", "-e", "trace=getsockopt", "-e", "inject=getsockopt:delay_enter=500000")
      let outcome = try await command.run { _ in
        try await blocking {
          let server = try listener.socket.accept()
          try server.send("before")
          try server.reset()
        }
      }.outcome
      #expect(outcome == failed("Read error: \(listener.name): Connection reset by peer", output: "before"))
    }
  }

  @Test("A reset that is found while there is still input to send", arguments: Engine.allCases, Place.twoKinds)
  func resetWhileSending(engine: Engine, place: Place) async throws {
    try await withListener(at: [place]) { listener in
      let command = Command.client(engine, listener.name).reading(.file("/dev/zero"))
      let client = try await command.run { _ in
        try await blocking {
          let server = try listener.socket.accept()
          try server.send("before")
          _ = try server.receive(1_000_000)
          try server.reset()
        }
      }.outcome
      #expect(client == failed("Read error: \(listener.name): Connection reset by peer", output: "before"))
    }
  }

  @Test("A full disk and a closed pipe at the client's output", arguments: Engine.allCases)
  func clientOutput(engine: Engine) async throws {
    for (output, reason) in [
      (Command.Output.file("/dev/full"), "No space left on device"), (.first(0), "Broken pipe"),
    ] {
      try await withListener { listener in
        let command = Command.client(engine, listener.name).writing(output)
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

  @Test("A full disk and a closed pipe end a server, even one that stays", arguments: Engine.allCases, [[], ["-k"]])
  func serverOutput(engine: Engine, options: [String]) async throws {
    for (output, reason) in [
      (Command.Output.file("/dev/full"), "No space left on device"), (.first(0), "Broken pipe"),
    ] {
      try await withFolder { folder in
        let endpoint = Place.path.endpoint(in: folder)
        var command = Command.server(engine, "--service", "message", endpoint).writing(output)
        command.arguments += options.map { Array($0.utf8) }
        let (answer, server) = try await command.serve { server in
          try await blocking {
            let client = try Socket(connectedTo: server.endpoint)
            try client.send("hello\n")
            return try client.receive()
          }
        }
        #expect(answer == "", "what is not printed is not acknowledged")
        let error = "listening \(endpoint)\nError : fputs error: standard output: \(reason)\n"
        #expect(server == Outcome(.exited(1), error: error))
        #expect(folder.status("socket") == nil)
      }
    }
  }

  @Test("An input that can't be read", arguments: Engine.allCases)
  func input(engine: Engine) async throws {
    try await withListener { listener in
      let client = try await Command.client(engine, listener.name).reading(.file("/")).run()
      #expect(client == failed("Read error: standard input: Is a directory"))
    }
  }

  @Test("Standard descriptors that are closed at the start", arguments: Engine.allCases)
  func closed(engine: Engine) async throws {
    func talk(_ service: String, server: String, client: String) async throws -> (server: Outcome, client: Outcome) {
      try await withFolder { folder in
        let command = Command.server(engine, "--service", service, Place.path.endpoint(in: folder))
        let (client, server) = try await command.inShell("exec \"$0\" \"$@\" \(server)").serve { server in
          let command = Command.client(engine, server.endpoint).inShell("exec \"$0\" \"$@\" \(client)")
          return try await command.run(input: "hello\n")
        }
        return (server.masked, client)
      }
    }
    let noInput = try await talk("echo", server: "<&-", client: "<&-")
    #expect(noInput.client == Outcome(.exited(0)))
    #expect(noInput.server.status == .exited(0))
    let noOutput = try await talk("echo", server: "<&- >&-", client: ">&-")
    #expect(noOutput.client == failed("fputs error: standard output: Bad file descriptor"))
    let message = try await talk("message", server: ">&-", client: "")
    #expect(message.client == Outcome(.exited(0)), "a server that can't print does not acknowledge")
    #expect(message.server.status == .exited(1))
    #expect(message.server.error.hasSuffix("Error : fputs error: standard output: Bad file descriptor\n"))
    let nothing = try await talk("echo", server: "<&- >&-", client: "<&- >&- 2>&-")
    #expect(nothing.client == Outcome(.exited(0)))
    let silent = try await talk("echo", server: "<&- >&-", client: ">&- 2>&-")
    #expect(silent.client == Outcome(.exited(1)))
  }
}
