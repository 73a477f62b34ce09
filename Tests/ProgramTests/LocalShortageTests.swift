import Subprocess
import Testing

/// Servers that are no sockets where something is short: both engines' say so alike, end, and leave no name.
@Suite(.fewAtATime, .repeatable())
struct LocalShortageTests {
  /// What a server comes to that is stopped if it listens.
  private static func outcome(of command: Command) async throws -> Outcome {
    try await command.run { server in
      if await server.error.listening() != nil { server.send(.terminate) }
      if try await !server.ends(within: 5000) { server.send(.kill) }
    }.outcome
  }

  private static func server(_ engine: Engine, _ endpoint: String, under limits: String...) -> Command {
    let server = Command.server(engine, endpoint)
    return Command(path: "prlimit", (limits + [server.path]).map { Array($0.utf8) } + server.arguments)
  }

  @Test("Descriptors: however few there are", arguments: LocalPlace.allCases)
  func descriptors(place: LocalPlace) async throws {
    try await withFolder { folder in
      let endpoint = place.endpoint(in: folder)
      var listened = false
      for count in 4...12 {
        var outcomes: [Outcome] = []
        for engine in Engine.allCases {
          let outcome = try await Self.outcome(of: Self.server(engine, endpoint, under: "--nofile=\(count)"))
          #expect(outcome.status == .exited(0) || outcome.error.hasSuffix("Too many open files\n"), "\(outcome)")
          #expect(outcome.status == .exited(0) || outcome.status == .exited(1))
          outcomes.append(outcome)
          listened = listened || outcome.status == .exited(0)
          #expect(try await place.leftovers(in: folder) == "", "\(engine) with \(count)")
        }
        #expect(outcomes[0] == outcomes[1], "with \(count)")
      }
      #expect(listened, "twelve are enough")
    }
  }

  @Test("A limit of files' sizes", arguments: Engine.allCases, [(LocalPlace.pipe, 0), (.pipe, 10), (.memory, 4096)])
  func sizes(engine: Engine, limit: (place: LocalPlace, bytes: Int)) async throws {
    try await withFolder { folder in
      let endpoint = limit.place.endpoint(in: folder)
      let outcome = try await Self.outcome(of: Self.server(engine, endpoint, under: "--fsize=\(limit.bytes)"))
      #expect(
        outcome == Outcome(.exited(1), error: "Error : Could not listen: \(endpoint): File too large\n"))
      #expect(try await limit.place.leftovers(in: folder) == "")
    }
  }

  @Test("A client's output beyond the limit of a file's size", arguments: Engine.allCases)
  func output(engine: Engine) async throws {
    try await withFolder { folder in
      let (client, _) = try await Command.server(engine, "tcp:127.0.0.1:0").serve { server in
        try await Command.client(engine, server.endpoint).inShell(
          "ulimit -f 0; exec \"$0\" \"$@\" >\(folder.path("said"))"
        )
        .run()
      }
      #expect(client == Outcome(.exited(1), error: "Error : fputs error: standard output: File too large\n"))
    }
  }

  @Test("A umask that takes all", arguments: Engine.allCases, [LocalPlace.queue, .memory])
  func umask(engine: Engine, place: LocalPlace) async throws {
    try await withFolder { folder in
      let endpoint = place.endpoint(in: folder)
      let command = Command.server(engine, endpoint).inShell(#"umask 0777; exec "$0" "$@""#)
      let (_, server) = try await command.serve { _ in
        if place == .memory {
          let mode = try await Command(path: "stat", ["-c", "%a", "/dev/shm/diptych-\(folder.name)"]).run()
          #expect(mode == Outcome(.exited(0), output: "600\n"))
        }
        #expect(try await Command.client(engine, endpoint).run() == Outcome(.exited(0), output: "Server Message"))
      }
      #expect(server == Outcome(.exited(0), error: "listening \(endpoint)\n"))
    }
  }

  private static let noDevices = "mount -t tmpfs none /dev"

  @Test(
    "No /dev/shm at all", .enabled("namespaces are allowed") { try await Command.canBeAlone(after: noDevices) },
    arguments: Engine.allCases)
  func noPlace(engine: Engine) async throws {
    let server = Command.server(engine, "memory:/hello")
    let outcome = try await Self.outcome(of: server.alone(after: Self.noDevices))
    let error = "Error : Could not listen: memory:/hello: No such file or directory\n"
    #expect(outcome == Outcome(.exited(1), error: error))
  }

  /// On another file system, whose files have the same numbers.
  @Test(
    "The holder is not mistaken", .enabled("namespaces are allowed") { try await Command.canBeAlone(after: noDevices) },
    arguments: Engine.allCases)
  func holder(engine: Engine) async throws {
    try await withFolder { folder in
      let script = """
        (flock -x 9; echo locked; exec sleep 20) 9>b/file >said & other=$!
        while ! [ -s said ]; do sleep 0.01; done
        '\(Command.server(engine).path)' pipe:a/hello 2>listening & server=$!
        while ! [ -s listening ]; do sleep 0.01; done
        '\(Command.server(engine).path)' pipe:a/hello 2>&1 | sed "s/ $server$/ SERVER/" || :
        kill $server $other; wait
        """
      let mounts = "cd '\(folder.path(""))' && mkdir a b && mount -t tmpfs none a && mount -t tmpfs none b"
      let said = try await Command(path: "sh", ["-ec", script]).alone(after: mounts).run()
      let holder = "Address already in use by process SERVER"
      #expect(said.output == Bytes(Array("Error : Could not listen: pipe:a/hello: \(holder)\n".utf8)))
    }
  }
}
