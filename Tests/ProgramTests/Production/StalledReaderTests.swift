import Testing

/// Nobody reads what a server prints: it serves its clients all the same, and stops.
@Suite(.limitedConcurrency, .repeatable())
struct StalledReaderTests {
  /// More lines than a pipe and the server's queue hold: 100 bytes for each round, and 1.1 MB in all.
  private static let rounds = 14_000

  private static func echo(_ client: RawSocket, rounds: Int = rounds) throws {
    for _ in 0..<rounds {
      try client.send("x")
      guard try client.receive(1) == "x" else { throw RunFailure(description: "the server serves no more") }
    }
  }

  @Test(
    "A server whose log nobody reads serves its clients, and two signals end it at once", arguments: Engine.allCases,
    [["-v"], ["-v", "--workers", "2"], ["--log", "json", "--log-level", "trace"]])
  func log(engine: Engine, options: [String]) async throws {
    var command = Command.server(engine, "-k", "--drain", "60", "--service", "echo", "0")
    command.arguments += options.map { Array($0.utf8) }
    let server = try await command.inShell("exec \"$0\" \"$@\" 2>&1").writing(.stalled(900)).run { server in
      let endpoint = try #require(await server.output.listening())
      try await blocking {
        for _ in 0..<300 {
          let client = try RawSocket(connectedTo: endpoint)
          try client.send("x")
          try client.reset()
        }
        try Self.echo(RawSocket(connectedTo: endpoint))
        let last = try RawSocket(connectedTo: endpoint)
        try last.send("last")
        #expect(try last.receive(4) == "last")
        server.send(.terminate)
        server.send(.interrupt)
        #expect(server.awaitEnd(within: 10_000))
        withExtendedLifetime(last) {}
      }
    }.outcome
    #expect(server.status == .exited(0))
  }

  @Test(
    "Log lines that found no room are counted, and the count is printed once the log is read again",
    arguments: Engine.allCases, [["-v"], ["--log", "json", "--log-level", "trace"]])
  func droppedLines(engine: Engine, options: [String]) async throws {
    var command = Command.server(engine, "--service", "echo", "0")
    command.arguments += options.map { Array($0.utf8) }
    // Prints the first lines, and the others only after a line on its own input.
    let reader = """
      exec 3<&0
      "$0" "$@" 2>&1 >/dev/null | {
        while IFS= read -r line; do
          printf '%s\\n' "$line"
          case $line in *listening*) break ;; esac
        done
        read -r _ <&3
        cat
      }
      """
    let shell = try await command.inShell(reader).reading(.open).run { shell in
      let endpoint = try #require(await shell.output.listening())
      let client = try await blocking { try RawSocket(connectedTo: endpoint) }
      try await blocking { try Self.echo(client) }
      shell.write("go\n")
      #expect(await shell.output.wait { String(decoding: $0, as: UTF8.self).contains("nobody read them") })
      try await blocking {
        try client.halfClose()
        #expect(try client.receive() == "")
      }
    }.outcome
    let lines = String(decoding: shell.output.array, as: UTF8.self).split(separator: "\n")
    let counts = lines.compactMap { $0.firstMatch(of: /(?:"count":|standard error: )(\d+) ?(?:lines dropped|})/)?.1 }
    let dropped = try #require(counts.first.flatMap { Int($0) })
    let kept = lines.count { $0.contains(/\b(?:receive|send)\b/) }
    #expect(dropped > 0 && kept + dropped == 2 * Self.rounds + 1, "\(counts)")
    #expect(counts.count == 1 && lines.last?.contains("close") == true)
  }

  /// As after su(1): the terminal belongs to another user.
  @Test(
    "A server whose terminal nobody reads serves its clients, even if it may not open the terminal again",
    arguments: Engine.allCases)
  func terminal(engine: Engine) async throws {
    let server = Command.server(engine, "-v", "-k", "--service", "echo", "0").unprivileged
    let terminal = Command.script("unread_terminal.py", [Array(server.path.utf8)] + server.arguments).reading(.open)
    let outcome = try await terminal.run { terminal in
      let endpoint = try #require(await terminal.output.listening())
      // A terminal holds less than a pipe.
      try await blocking { try Self.echo(RawSocket(connectedTo: endpoint), rounds: 1_000) }
    }.outcome
    #expect(outcome.status == .exited(0), "\(outcome.error)")
  }

  /// The server's output is full from the start.
  private static func stalled(_ command: Command) -> Command {
    command.inShell("head -c 65536 /dev/zero && exec \"$0\" \"$@\"").writing(.stalled(0))
  }

  @Test("A server whose output nobody reads stops at a signal", arguments: Engine.allCases, [["-k"], []])
  func output(engine: Engine, options: [String]) async throws {
    try await withTemporaryFolder { folder in
      for endpoint in ["tcp:127.0.0.1:0"] + LinkKind.allCases.map({ $0.endpoint(in: folder) }) {
        var command = Command.server(engine, "-v", "--service", "message", endpoint)
        command.arguments += options.map { Array($0.utf8) }
        let server = try await Self.stalled(command).serve { server in
          let client = Command.client(engine, server.endpoint).reading(.open)
          _ = try await client.run { client in
            client.write("message\n")
            #expect(await server.process.error.line(after: "receive: ") != nil)
            server.process.send(.terminate)
            server.process.send(.interrupt)
            let ended = try await server.process.ends(within: 10_000)
            #expect(ended, "\(endpoint)")
          }
        }.outcome
        #expect(server.status == .exited(0), "\(endpoint)")
        #expect(!server.error.contains("output: "), "\(endpoint)")
      }
      #expect(folder.status("hello.in") == nil && folder.status("hello.out") == nil)
    }
  }
}
