import Subprocess
import Testing

/// The programs over pipes, message queues and shared memory.
@Suite(.limitedConcurrency, .repeatable())
struct LinkTests {
  @Test("Over links, each pairing of engines prints the same bytes", arguments: Exchange.all, LinkKind.allCases)
  func pairing(exchange: Exchange, kind: LinkKind) async throws {
    try await withTemporaryFolder { folder in
      for pairing in Pairing.all {
        let endpoint = kind.endpoint(in: folder)
        let command = Command.server(pairing.server, "--service", "\(exchange.service)", endpoint)
        let (client, server) = try await command.serve { server in
          #expect(server.endpoint == endpoint)
          return try await Command.client(pairing.client, endpoint).reading(exchange.input).writing(exchange.output)
            .run { client in _ = try await client.ends(within: 20_000) }.outcome
        }
        #expect(client == exchange.clientOutcome, "the client of \(pairing)")
        let listening = "listening \(endpoint)\n"
        #expect(server == Outcome(.exited(0), output: exchange.printed, error: listening), "the server of \(pairing)")
      }
      #expect(try await kind.leftovers(in: folder) == "")
    }
  }

  @Test("With --verbose, both programs print the steps of an echo", arguments: Pairing.all, LinkKind.allCases)
  func steps(pairing: Pairing, kind: LinkKind) async throws {
    try await withTemporaryFolder { folder in
      let endpoint = kind.endpoint(in: folder)
      let command = Command.server(pairing.server, "-k", "--verbose", "--service", "echo", endpoint)
      let (client, server) = try await command.serve { server in
        let client = try await Command.client(pairing.client, "-v", endpoint).reading(.open).run { client in
          client.write("a")
          #expect(await client.output.wait(for: 1))
          client.closeInput()
          _ = try await client.ends(within: 10_000)
        }.outcome
        _ = await server.process.error.line(after: "close: descriptor 5")
        server.stop()
        return client
      }
      let steps = """
        bind: descriptor 5, \(endpoint)
        listening \(endpoint)
        accept: descriptor 5, \(endpoint)
        receive: descriptor 5, \(endpoint), 1 byte
        send: descriptor 5, \(endpoint), 1 byte
        receive: descriptor 5, \(endpoint), 0 bytes
        close: descriptor 5, \(endpoint)
        stop: descriptor 3, \(endpoint)
        close: descriptor 5, \(endpoint)

        """
      #expect(server == Outcome(.exited(0), error: steps))
      let clientSteps = """
        connect: descriptor 3, \(endpoint)
        input: descriptor 0, 1 byte
        send: descriptor 3, \(endpoint), 1 byte
        receive: descriptor 3, \(endpoint), 1 byte
        output: descriptor 1, 1 byte
        input: descriptor 0, 0 bytes
        finish: descriptor 3, \(endpoint)
        receive: descriptor 3, \(endpoint), 0 bytes
        close: descriptor 3, \(endpoint)

        """
      #expect(client == Outcome(.exited(0), output: "a", error: clientSteps))
    }
  }

  @Test(
    "A second server fails and names the first; a second client waits, or fails at once with --no-wait",
    arguments: Pairing.all, LinkKind.allCases)
  func secondServerAndClient(pairing: Pairing, kind: LinkKind) async throws {
    try await withTemporaryFolder { folder in
      let endpoint = kind.endpoint(in: folder)
      let command = Command.server(pairing.server, "-k", "--service", "echo", endpoint)
      let (_, server) = try await command.serveAndStop { server in
        let second = try await Command.server(pairing.client, endpoint).run()
        let holder = "Address already in use by process \(server.process.id.value)"
        let error = "Error : Could not listen: \(endpoint): \(holder)\n"
        #expect(second == Outcome(.exited(1), error: error))
        let first = try await Command.client(pairing.client, endpoint).reading(.open).run { client in
          client.write("first")
          #expect(await client.output.wait(for: 5))
          let busy = try await Command.client(pairing.client, "--no-wait", endpoint).run()
          #expect(busy == Outcome(.exited(1), error: "Error : Connect Failed: \(endpoint): Device or resource busy\n"))
          let late = try await Command.client(pairing.client, "--timeout", "0.1", endpoint).run()
          #expect(late == Outcome(.exited(1), error: "Error : Connect Failed: \(endpoint): Connection timed out\n"))
          async let waiting = Command.client(pairing.client, endpoint).run(input: "second")
          client.closeInput()
          #expect(try await client.ends(within: 10_000))
          #expect(try await waiting == Outcome(.exited(0), output: "second"))
        }.outcome
        #expect(first == Outcome(.exited(0), output: "first"))
      }
      #expect(server.status == .exited(0))
      #expect(try await kind.leftovers(in: folder) == "")
    }
  }

  @Test("cat can be the client of a pipe", arguments: Engine.allCases)
  func catIsAClient(engine: Engine) async throws {
    try await withTemporaryFolder { folder in
      let endpoint = LinkKind.pipe.endpoint(in: folder)
      let (read, server) = try await Command.server(engine, endpoint).serve { _ in
        try await Command(path: "cat", [folder.path("hello.out")]).run()
      }
      #expect(read == Outcome(.exited(0), output: "Server Message"))
      #expect(server == Outcome(.exited(0), error: "listening \(endpoint)\n"))
      #expect(try await LinkKind.pipe.leftovers(in: folder) == "")
    }
  }

  /// In a user namespace, this limit applies to root, too.
  private static let oneQueue = "echo 1 > /proc/sys/fs/mqueue/queues_max"

  @Test(
    "If the system allows no further queue, the server says so, and how to allow more",
    .enabled("namespaces are allowed") { try await Command.isAllowedInNamespaces(oneQueue) }, arguments: Engine.allCases
  )
  func tooManyQueues(engine: Engine) async throws {
    let refused = try await Command.server(engine, "queue:/hello").inNamespaces(after: Self.oneQueue).run()
    let reason = """
      the system has as many queues as /proc/sys/fs/mqueue/queues_max allows: raise it (sysctl fs.mqueue.queues_max), or \
      remove a queue
      """
    let error = "Error : Could not listen: queue:/hello: \(reason)\n"
    #expect(refused == Outcome(.exited(1), error: error))
  }

  static let misuses: [(option: [String], endpoint: String, complaint: String)] = [
    (["--workers", "1"], "pipe:/x", socketsOnly("--workers", "pipe:")),
    (["--workers", "2", "-k"], "memory:/x", socketsOnly("--workers", "memory:")),
    (["--backlog", "1"], "queue:/x", socketsOnly("--backlog", "queue:")),
    (["--max-clients", "1"], "queue:/x", socketsOnly("--max-clients", "queue:")),
    (["--keepalive", "1"], "queue:/x", socketsOnly("--keepalive", "queue:")),
    (["--max-clients-per-address", "1"], "pipe:/x", socketsOnly("--max-clients-per-address", "pipe:")),
    (["--queue-depth", "1"], "pipe:/x", "--queue-message and --queue-depth apply to queue: endpoints only"),
    (["--queue-message", "100"], "unix:/x", "--queue-message and --queue-depth apply to queue: endpoints only"),
    (["--ring-size", "4096"], "queue:/x", "--ring-size applies to memory: endpoints only"),
    ([], "pipe:", "'pipe:': a pipe's path has 1 to 248 bytes and contains no NUL"),
    (
      [], "queue:x",
      "'queue:x': the name of a queue or of shared memory is a slash and 1 to 251 bytes without another "
        + "slash or a NUL"
    ),
  ]

  private static func socketsOnly(_ option: String, _ link: String) -> String {
    "\(option) applies to sockets only: over \(link) the server serves one client at a time"
  }

  @Test("Options that do not apply to a link are rejected with the reason")
  func misuse() async throws {
    for engine in Engine.allCases {
      for misuse in Self.misuses {
        let command = Command(program: "\(engine)-server", (misuse.option + [misuse.endpoint]).map { Array($0.utf8) })
        let outcome = try await command.run()
        #expect(outcome.status == .exited(64))
        #expect(outcome.error.hasPrefix("Error: \(misuse.complaint)\n"), "\(outcome.error)")
      }
      let outcome = try await Command.client(engine, "--no-wait", "8080").run()
      let complaint =
        "--no-wait applies to pipe:, queue: and memory: endpoints only: over a socket, clients wait in the backlog"
      #expect(outcome.error.hasPrefix("Error: \(complaint)\n"))
      for size in ["0", "32", "100", "2147483648", "x"] {
        let outcome = try await Command.server(engine, "--ring-size", size, "memory:/x").run()
        #expect(outcome.status == .exited(64))
        #expect(outcome.error.contains("it must be a power of two from 64 to 1073741824"), "\(outcome.error)")
      }
    }
  }
}
