import Testing

/// A session that fails at the server must not look like a success to its client.
@Suite(.limitedConcurrency, .repeatable())
struct FailedSessionTests {
  /// Why a session fails, with what the server needs for it.
  enum Reason: CaseIterable {
    case bytes, time, idle, output

    var options: [String] {
      switch self {
      case .bytes: ["--service", "echo", "--max-bytes", "8"]
      case .time: ["--service", "echo", "--max-time", "2"]
      case .idle: ["--service", "echo", "--idle-timeout", "2"]
      case .output: ["--service", "message"]
      }
    }

    /// What the server answers to `hello` and a newline before it fails.
    var answer: Bytes {
      switch self {
      case .bytes: "hell"
      case .time, .idle: "hello\n"
      case .output: ""
      }
    }

    func error(at endpoint: String) -> String {
      switch self {
      case .bytes: "Error : Byte limit reached: \(endpoint): --max-bytes exceeded\n"
      case .time: "Error : Time limit reached: \(endpoint): --max-time exceeded\n"
      case .idle: "Error : Idle timeout reached: \(endpoint): --idle-timeout exceeded\n"
      case .output: "Error : fputs error: standard output: No space left on device\n"
      }
    }
  }

  private static func endpoint(_ link: LinkKind?, in folder: TemporaryFolder) -> String {
    link?.endpoint(in: folder) ?? "tcp:127.0.0.1:0"
  }

  private static func server(_ engine: Engine, _ reason: Reason, _ options: [String], _ endpoint: String) -> Command {
    let arguments = (options + reason.options + [endpoint]).map { Array($0.utf8) }
    let server = Command(program: "\(engine)-server", arguments)
    return reason == .output ? server.writing(.file("/dev/full")) : server
  }

  /// The client's input stays open, so that only the server ends the conversation.
  private static func client(_ engine: Engine, at endpoint: String) async throws -> Outcome {
    try await Command.client(engine, endpoint).reading(.open).run { client in
      client.write("hello\n")
      let ended = try await client.ends(within: 20_000)
      #expect(ended)
    }.outcome.masked
  }

  @Test(
    "A client receives what the server sent before its session failed, then reports a reset", arguments: Pairing.all,
    LinkKind.allCases + [nil])
  func reset(pairing: Pairing, link: LinkKind?) async throws {
    try await withTemporaryFolder { folder in
      for reason in Reason.allCases {
        let command = Self.server(pairing.server, reason, [], Self.endpoint(link, in: folder))
        let (client, server) = try await command.serve { try await Self.client(pairing.client, at: $0.endpoint) }
        let endpoint = link?.endpoint(in: folder) ?? "tcp:127.0.0.1:PORT"
        let error = "Error : Read error: \(endpoint): Connection reset by peer\n"
        #expect(client == Outcome(.exited(1), output: reason.answer, error: error), "\(reason)")
        let listening = "listening \(endpoint)\n"
        #expect(server.masked == Outcome(.exited(1), error: listening + reason.error(at: endpoint).masked), "\(reason)")
      }
    }
  }

  @Test(
    "A server that goes on after a failed session serves the next client", arguments: Pairing.all,
    LinkKind.allCases + [nil])
  func next(pairing: Pairing, link: LinkKind?) async throws {
    try await withTemporaryFolder { folder in
      let command = Self.server(pairing.server, .bytes, ["-k"], Self.endpoint(link, in: folder))
      let (_, server) = try await command.serveAndStop { server in
        for _ in 1...3 {
          let failed = try await Self.client(pairing.client, at: server.endpoint)
          #expect(failed.status == .exited(1))
          #expect(failed.error.hasSuffix(": Connection reset by peer\n"), "\(failed)")
          let small = try await Command.client(pairing.client, server.endpoint).run(input: "1234")
          #expect(small == Outcome(.exited(0), output: "1234"))
        }
      }
      #expect(server.status == .exited(0))
    }
  }
}
