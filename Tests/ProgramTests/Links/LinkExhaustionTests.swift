import Subprocess
import Testing

/// Servers of links that run out of a resource: both engines report it alike, exit, and leave no name.
@Suite(.limitedConcurrency, .repeatable())
struct LinkExhaustionTests {
  /// Runs a server and stops it if it listens.
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

  @Test(
    "With any number of descriptors, a server listens, or reports EMFILE and removes its names",
    arguments: LinkKind.allCases)
  func descriptors(kind: LinkKind) async throws {
    try await withTemporaryFolder { folder in
      let endpoint = kind.endpoint(in: folder)
      var listened = false
      for count in 4...12 {
        var outcomes: [Outcome] = []
        for engine in Engine.allCases {
          let outcome = try await Self.outcome(of: Self.server(engine, endpoint, under: "--nofile=\(count)"))
          #expect(outcome.status == .exited(0) || outcome.error.hasSuffix("Too many open files\n"), "\(outcome)")
          #expect(outcome.status == .exited(0) || outcome.status == .exited(1))
          outcomes.append(outcome)
          listened = listened || outcome.status == .exited(0)
          #expect(try await kind.leftovers(in: folder) == "", "\(engine) with \(count)")
        }
        #expect(outcomes[0] == outcomes[1], "with \(count)")
      }
      #expect(listened, "twelve descriptors are enough")
    }
  }

  @Test(
    "A server reports a limit on the size of files", arguments: Engine.allCases,
    [(LinkKind.pipe, 0), (.pipe, 10), (.memory, 4096)])
  func fileSize(engine: Engine, limit: (kind: LinkKind, bytes: Int)) async throws {
    try await withTemporaryFolder { folder in
      let endpoint = limit.kind.endpoint(in: folder)
      let outcome = try await Self.outcome(of: Self.server(engine, endpoint, under: "--fsize=\(limit.bytes)"))
      #expect(
        outcome == Outcome(.exited(1), error: "Error : Could not listen: \(endpoint): File too large\n"))
      #expect(try await limit.kind.leftovers(in: folder) == "")
    }
  }

  @Test("A client reports that its output exceeds the limit on the size of files", arguments: Engine.allCases)
  func output(engine: Engine) async throws {
    try await withTemporaryFolder { folder in
      let (client, _) = try await Command.server(engine, "tcp:127.0.0.1:0").serve { server in
        try await Command.client(engine, server.endpoint).inShell(
          "ulimit -f 0; exec \"$0\" \"$@\" >\(folder.path("output"))"
        )
        .run()
      }
      #expect(client == Outcome(.exited(1), error: "Error : fputs error: standard output: File too large\n"))
    }
  }

  @Test(
    "A client without inotify and without a thread loses nothing", arguments: Engine.allCases, LinkKind.allCases)
  func noInotifyAndNoThread(engine: Engine, kind: LinkKind) async throws {
    try await withTemporaryFolder { folder in
      let endpoint = kind.endpoint(in: folder)
      let (client, server) = try await Command.server(engine, "--service", "echo", endpoint).serve { _ in
        let client = Command.client(engine, endpoint).traced(
          "-o", "/dev/null", "-e", "trace=inotify_init1,clone,clone3", "-e", "inject=inotify_init1:error=EMFILE", "-e",
          "inject=clone,clone3:error=EAGAIN")
        return try await client.reading(.open).run { client in
          for (line, count) in [("one", 3), ("two", 6)] {
            client.write(Bytes(Array(line.utf8)))
            #expect(await client.output.wait(for: count))
          }
        }.outcome
      }
      #expect(client == Outcome(.exited(0), output: "onetwo"))
      #expect(server == Outcome(.exited(0), error: "listening \(endpoint)\n"))
    }
  }

  @Test("A client whose pipe breaks while the server waits for bytes reports it", arguments: Engine.allCases)
  func brokenPipe(engine: Engine) async throws {
    try await withTemporaryFolder { folder in
      let endpoint = LinkKind.pipe.endpoint(in: folder)
      let (client, _) = try await Command.server(engine, "--service", "echo", endpoint).serve { _ in
        let client = Command.client(engine, endpoint).traced(
          "-o", "/dev/null", "-e", "trace=write", "-e", "inject=write:error=EPIPE:when=1")
        return try await client.run(input: "hello")
      }
      let error = "Error : Write error: \(endpoint): Connection reset by peer\n"
      #expect(client == Outcome(.exited(1), error: error))
      #expect(try await LinkKind.pipe.leftovers(in: folder) == "")
    }
  }

  @Test(
    "A client can use the names that a server with a strict umask creates", arguments: Engine.allCases,
    LinkKind.allCases)
  func umask(engine: Engine, kind: LinkKind) async throws {
    try await withTemporaryFolder { folder in
      let endpoint = kind.endpoint(in: folder)
      for mask in ["0277", "0777"] {
        let command = Command.server(engine, endpoint).inShell("umask \(mask); exec \"$0\" \"$@\"").unprivileged
        let (_, server) = try await command.serve { _ in
          if kind == .memory {
            let mode = try await Command(path: "stat", ["-c", "%a", "/dev/shm/diptych-\(folder.name)"]).run()
            #expect(mode == Outcome(.exited(0), output: "600\n"))
          }
          let client = try await Command.client(engine, endpoint).unprivileged.run()
          #expect(client == Outcome(.exited(0), output: "Server Message"))
        }
        #expect(server == Outcome(.exited(0), error: "listening \(endpoint)\n"))
      }
      #expect(try await kind.leftovers(in: folder) == "")
    }
  }

  private static let noDevices = "mount -t tmpfs none /dev"

  @Test(
    "A server reports that /dev/shm is missing",
    .enabled("namespaces are allowed") { try await Command.isAllowedInNamespaces(noDevices) },
    arguments: Engine.allCases)
  func noSharedMemory(engine: Engine) async throws {
    let server = Command.server(engine, "memory:/hello")
    let outcome = try await Self.outcome(of: server.inNamespaces(after: Self.noDevices))
    let error = "Error : Could not listen: memory:/hello: No such file or directory\n"
    #expect(outcome == Outcome(.exited(1), error: error))
  }

  private static let noAllocation = "mount -t ramfs none /dev/shm"

  @Test(
    "Shared memory works on a file system without fallocate(2)",
    .enabled("namespaces are allowed") { try await Command.isAllowedInNamespaces(noAllocation) },
    arguments: Engine.allCases)
  func ramfs(engine: Engine) async throws {
    try await withTemporaryFolder { folder in
      let script = """
        \(Self.noAllocation) && cd "$2" || exit
        "$1" memory:/hello 2>log &
        until [ -s log ]; do sleep 0.01; done
        "$0" memory:/hello; wait $!; cat log >&2
        """
      let programs = [Command.client(engine).path, Command.server(engine).path, folder.path]
      let arguments = ["--user", "--map-root-user", "--mount", "sh", "-c", script] + programs
      let outcome = try await Command(path: "unshare", arguments).run()
      #expect(outcome == Outcome(.exited(0), output: "Server Message", error: "listening memory:/hello\n"))
    }
  }

  /// The unrelated process locks a file with the same inode number on another file system.
  @Test(
    "A second server names the first one, and not a process that locks another file",
    .enabled("namespaces are allowed") { try await Command.isAllowedInNamespaces(noDevices) },
    arguments: Engine.allCases)
  func ownerOfTheLock(engine: Engine) async throws {
    try await withTemporaryFolder { folder in
      let mounts = "cd '\(folder.path(""))' && mkdir a b && mount -t tmpfs none a && mount -t tmpfs none b"
      let script = Command.script("pipe_lock_owner.sh", Command.server(engine).path)
      let outcome = try await script.inNamespaces(after: mounts).run()
      let reason = "Address already in use by process SERVER"
      #expect(outcome.output == Bytes(Array("Error : Could not listen: pipe:a/hello: \(reason)\n".utf8)))
    }
  }
}
