import Subprocess
import Testing

/// Where a server listens that is no socket.
enum LocalPlace: String, CaseIterable, Sendable {
  case pipe, queue, memory

  func endpoint(in folder: Folder) -> String {
    switch self {
    case .pipe: "pipe:\(folder.path("hello"))"
    case .queue: "queue:/diptych-\(folder.name)"
    case .memory: "memory:/diptych-\(folder.name)"
    }
  }

  /// What stands there; of queues and memory, which that folder does not show, a client that finds none says so.
  func leftovers(in folder: Folder) async throws -> String {
    switch self {
    case .pipe: return String(decoding: try await Command(path: "ls", [folder.path]).run().output.array, as: UTF8.self)
    case .queue, .memory:
      let said = try await Command.client(.c, endpoint(in: folder)).run().error
      return said == "Error : Connect Failed: \(endpoint(in: folder)): No such file or directory\n" ? "" : said
    }
  }
}

/// Pipes, queues and shared memory: what the programs say over them.
@Suite(.fewAtATime, .repeatable())
struct LocalTests {
  @Test("Each pairing prints what is expected, and so the same", arguments: PairingTests.talks, LocalPlace.allCases)
  func pairing(talk: Talk, place: LocalPlace) async throws {
    try await withFolder { folder in
      for pairing in Pairing.all {
        let endpoint = place.endpoint(in: folder)
        let command = Command.server(pairing.server, "--service", "\(talk.service)", endpoint)
        let (client, server) = try await command.serve { server in
          #expect(server.endpoint == endpoint)
          return try await Command.client(pairing.client, endpoint).reading(talk.input).writing(talk.output)
            .run { client in _ = try await client.ends(within: 20_000) }.outcome
        }
        #expect(client == talk.clientOutcome, "the client of \(pairing)")
        let listening = "listening \(endpoint)\n"
        #expect(server == Outcome(.exited(0), output: talk.printed, error: listening), "the server of \(pairing)")
      }
      #expect(try await place.leftovers(in: folder) == "")
    }
  }

  @Test("The steps of an echo, with both ends", arguments: Pairing.all, LocalPlace.allCases)
  func steps(pairing: Pairing, place: LocalPlace) async throws {
    try await withFolder { folder in
      let endpoint = place.endpoint(in: folder)
      let command = Command.server(pairing.server, "-k", "--verbose", "--service", "echo", endpoint)
      let (client, server) = try await command.serve { server in
        let client = try await Command.client(pairing.client, "-v", endpoint).reading(.open).run { client in
          client.write("a")
          #expect(await client.output.wait(for: 1))
          client.finishInput()
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
    "A second server names the first, a second client waits or is told", arguments: Pairing.all, LocalPlace.allCases)
  func taken(pairing: Pairing, place: LocalPlace) async throws {
    try await withFolder { folder in
      let endpoint = place.endpoint(in: folder)
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
          client.finishInput()
          #expect(try await client.ends(within: 10_000))
          #expect(try await waiting == Outcome(.exited(0), output: "second"))
        }.outcome
        #expect(first == Outcome(.exited(0), output: "first"))
      }
      #expect(server.status == .exited(0))
      #expect(try await place.leftovers(in: folder) == "")
    }
  }

  @Test("cat is a client of a pipe", arguments: Engine.allCases)
  func byHand(engine: Engine) async throws {
    try await withFolder { folder in
      let endpoint = LocalPlace.pipe.endpoint(in: folder)
      let (read, server) = try await Command.server(engine, endpoint).serve { _ in
        try await Command(path: "cat", [folder.path("hello.out")]).run()
      }
      #expect(read == Outcome(.exited(0), output: "Server Message"))
      #expect(server == Outcome(.exited(0), error: "listening \(endpoint)\n"))
      #expect(try await LocalPlace.pipe.leftovers(in: folder) == "")
    }
  }

  /// There root has no power over that.
  private static let oneQueue = "echo 1 > /proc/sys/fs/mqueue/queues_max"

  @Test(
    "That the system has no room for another queue is said, and how to make some",
    .enabled("namespaces are allowed") { try await Command.canBeAlone(after: oneQueue) }, arguments: Engine.allCases)
  func tooManyQueues(engine: Engine) async throws {
    let refused = try await Command.server(engine, "queue:/hello").alone(after: Self.oneQueue).run()
    let reason = """
      the system has as many queues as /proc/sys/fs/mqueue/queues_max allows: raise it (sysctl fs.mqueue.queues_max), or \
      remove a queue
      """
    let error = "Error : Could not listen: queue:/hello: \(reason)\n"
    #expect(refused == Outcome(.exited(1), error: error))
  }

  static let misuses: [(option: [String], endpoint: String, complaint: String)] = [
    (["--workers", "1"], "pipe:/x", "--workers goes with sockets: over pipe: clients are served one after the other"),
    (
      ["--backlog", "1"], "queue:/x", "--backlog goes with sockets: over queue: clients are served one after the other"
    ),
    (
      ["--max-clients", "1"], "queue:/x",
      "--max-clients goes with sockets: over queue: clients are served one after the other"
    ),
    (
      ["--max-clients-per-address", "1"], "pipe:/x",
      "--max-clients-per-address goes with sockets: over pipe: clients are served one after the other"
    ),
    (["--queue-depth", "1"], "pipe:/x", "--queue-message and --queue-depth go with queue:"),
    (["--queue-message", "100"], "unix:/x", "--queue-message and --queue-depth go with queue:"),
    (
      ["--workers", "2", "-k"], "memory:/x",
      "--workers goes with sockets: over memory: clients are served one after the other"
    ),
    (["--ring-size", "4096"], "queue:/x", "--ring-size goes with memory:"),
    ([], "pipe:", "'pipe:': a pipe's path has 1 to 248 bytes and contains no NUL"),
    (
      [], "queue:x",
      "'queue:x': the name of a queue or of shared memory is a slash and 1 to 251 bytes without another "
        + "slash or a NUL"
    ),
  ]

  @Test("What makes no sense is refused, with the reason")
  func misuse() async throws {
    for engine in Engine.allCases {
      for misuse in Self.misuses {
        let command = Command(program: "\(engine)-server", (misuse.option + [misuse.endpoint]).map { Array($0.utf8) })
        let outcome = try await command.run()
        #expect(outcome.status == .exited(64))
        #expect(outcome.error.hasPrefix("Error: \(misuse.complaint)\n"), "\(outcome.error)")
      }
      let outcome = try await Command.client(engine, "--no-wait", "8080").run()
      let complaint = "--no-wait goes with pipe:, queue: and memory:, where clients take turns; a socket has a backlog"
      #expect(outcome.error.hasPrefix("Error: \(complaint)\n"))
      for size in ["0", "32", "100", "2147483648", "x"] {
        let outcome = try await Command.server(engine, "--ring-size", size, "memory:/x").run()
        #expect(outcome.status == .exited(64))
        #expect(outcome.error.contains("it must be a power of two from 64 to 1073741824"), "\(outcome.error)")
      }
    }
  }
}
