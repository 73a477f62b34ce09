import SystemPackage
import Testing

/// New clients and new servers while a server drains: the same over each transport.
@Suite(.limitedConcurrency, .repeatable())
struct DrainTests {
  /// Where a server listens, and its options.
  enum Place: CaseIterable, Sendable {
    case tcp, path, abstract, tcpWorkers, pathWorkers, abstractWorkers, pipe, queue, memory

    func endpoint(in folder: TemporaryFolder) -> String {
      switch self {
      case .tcp, .tcpWorkers: SocketKind.ipv4.endpoint(in: folder)
      case .path, .pathWorkers: SocketKind.path.endpoint(in: folder)
      case .abstract, .abstractWorkers: SocketKind.abstract.endpoint(in: folder)
      case .pipe: LinkKind.pipe.endpoint(in: folder)
      case .queue: LinkKind.queue.endpoint(in: folder)
      case .memory: LinkKind.memory.endpoint(in: folder)
      }
    }

    var options: [String] {
      switch self {
      case .tcpWorkers, .pathWorkers, .abstractWorkers: ["--workers", "3"]
      // Small: the queues of all tests share a limit of this user.
      case .queue: ["--queue-message", "256", "--queue-depth", "2"]
      default: []
      }
    }

    /// Why a client fails where no server is.
    var refusal: String {
      switch self {
      case .tcp, .abstract, .tcpWorkers, .abstractWorkers: "Connection refused"
      case .path, .pathWorkers, .pipe, .queue, .memory: "No such file or directory"
      }
    }

    func server(_ engine: Engine, at endpoint: String) -> Command {
      var command = Command.server(engine, "-k", "--service", "echo", "--drain", "50")
      command.arguments += (options + [endpoint]).map { Array($0.utf8) }
      return command
    }
  }

  @Test(
    "While a server drains, it refuses new clients, and the next server takes over its name, which it keeps",
    arguments: Pairing.all, Place.allCases)
  func takeover(pairing: Pairing, place: Place) async throws {
    try await withTemporaryFolder { folder in
      let first = place.server(pairing.server, at: place.endpoint(in: folder))
      let (_, server) = try await first.serve { server in
        let client = try await Command.client(.c, server.endpoint).reading(.open).run { client in
          client.write("one")
          #expect(await client.output.wait(for: 3))
          server.stop()
          try await Self.awaitRefusal(.swift, at: server.endpoint, place.refusal)
          let next = place.server(pairing.client, at: server.endpoint)
          let (answers, outcome) = try await next.serveAndStop { next in
            let during = try await Self.echo(.c, at: next.endpoint)
            client.write("two")
            #expect(await client.output.wait(for: 6))
            client.closeInput()
            let hasEnded = try await server.process.ends(within: 10_000)
            #expect(hasEnded)
            return [during, try await Self.echo(.swift, at: next.endpoint)]
          }
          #expect(answers == [Outcome](repeating: Outcome(.exited(0), output: "hello"), count: 2))
          #expect(outcome.status == .exited(0), "the next server: \(outcome.error)")
        }.outcome
        #expect(client == Outcome(.exited(0), output: "onetwo"))
      }
      #expect(server.status == .exited(0), "the first server: \(server.error)")
      #expect(folder.status("socket") == nil)
    }
  }

  private static func echo(_ engine: Engine, at endpoint: String) async throws -> Outcome {
    try await Command.client(engine, "--timeout", "20", endpoint).run(input: "hello")
  }

  /// Connects until the server has handled its stop, and refuses. Before that, a client of a link waits, and is refused
  /// with another error.
  private static func awaitRefusal(_ engine: Engine, at endpoint: String, _ reason: String) async throws {
    let refused = Outcome(.exited(1), error: "Error : Connect Failed: \(endpoint): \(reason)\n")
    var last = refused
    for _ in 1...50 {
      last = try await Command.client(engine, "--timeout", "0.5", endpoint).run()
      if last == refused { return }
    }
    Issue.record("the server refuses no client; the last one: \(last.error)")
  }
}
