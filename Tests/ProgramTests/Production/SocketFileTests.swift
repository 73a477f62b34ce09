import SystemPackage
import Testing

/// The file of a Unix socket server.
@Suite(.limitedConcurrency, .repeatable())
struct SocketFileTests {
  @Test(
    "Only its owner can use the socket file, and the server removes it at its end", arguments: Engine.allCases,
    ["0", "0277", "0777"])
  func mode(engine: Engine, umask: String) async throws {
    try await withTemporaryFolder { folder in
      let endpoint = SocketKind.path.endpoint(in: folder)
      let command = Command.server(engine, endpoint).inShell("umask \(umask); exec \"$0\" \"$@\"").unprivileged
      let (client, server) = try await command.serve { server in
        let status = folder.status("socket")
        #expect(status?.permissions == [.ownerRead, .ownerWrite])
        #expect(status?.type == .socket)
        return try await Command.client(engine, server.endpoint).unprivileged.run()
      }
      #expect(client == Outcome(.exited(0), output: "Server Message"))
      #expect(server == Outcome(.exited(0), error: "listening \(endpoint)\n"))
      #expect(try await LinkKind.pipe.leftovers(in: folder) == "")
    }
  }

  @Test("A lock on the folder does not keep a server from replacing a file", arguments: Engine.allCases)
  func lockedFolder(engine: Engine) async throws {
    try await withTemporaryFolder { folder in
      let endpoint = SocketKind.path.endpoint(in: folder)
      let dead = try await Command.server(engine, endpoint).serve { $0.process.send(.kill) }.outcome
      #expect(dead.status == .killed(by: 9))
      let plain = Command.server(engine, endpoint)
      let options = ["--shared", "--no-fork", folder.path, plain.path]
      let locked = Command(path: "flock", options.map { Array($0.utf8) } + plain.arguments)
      let (client, server) = try await locked.serve { server in
        try await Command.client(engine, server.endpoint).run()
      }
      #expect(client == Outcome(.exited(0), output: "Server Message"))
      #expect(server == Outcome(.exited(0), error: "listening \(endpoint)\n"))
      #expect(folder.status("socket") == nil)
    }
  }

  @Test("--mode and --group set who can use the socket file, whatever the umask", arguments: Engine.allCases)
  func modeAndGroup(engine: Engine) async throws {
    try await withTemporaryFolder { folder in
      let endpoint = SocketKind.path.endpoint(in: folder)
      let group = String(decoding: try await Command(path: "id", ["-g"]).run().output.array.dropLast(), as: UTF8.self)
      for (mode, umask, text) in [("660", "0", "660 \(group)\n"), ("0666", "077", "666 \(group)\n")] {
        let command = Command.server(engine, "--mode", mode, "--group", group, endpoint)
          .inShell("umask \(umask); exec \"$0\" \"$@\"")
        let (client, server) = try await command.serve { server in
          let file = try await Command(path: "stat", ["-c", "%a %g", folder.path("socket")]).run()
          #expect(file == Outcome(.exited(0), output: Bytes(text.utf8)))
          return try await Command.client(engine, server.endpoint).run()
        }
        #expect(client == Outcome(.exited(0), output: "Server Message"))
        #expect(server == Outcome(.exited(0), error: "listening \(endpoint)\n"))
      }
    }
  }

  @Test("A server that may not set the group of its file names the group", arguments: Engine.allCases)
  func foreignGroup(engine: Engine) async throws {
    try await withTemporaryFolder { folder in
      let endpoint = SocketKind.path.endpoint(in: folder)
      for group in ["daemon", "1"] {
        let server = try await Command.server(engine, "--group", group, endpoint).unprivileged.run()
        let error = "Error : Could not listen: \(endpoint), group \(group): Operation not permitted\n"
        #expect(server == Outcome(.exited(1), error: error))
      }
    }
  }

  @Test("A server replaces the socket file of a killed server", arguments: Pairing.all)
  func staleFile(pairing: Pairing) async throws {
    try await withTemporaryFolder { folder in
      let endpoint = SocketKind.path.endpoint(in: folder)
      let dead = try await Command.server(pairing.server, endpoint).serve { $0.process.send(.kill) }.outcome
      #expect(dead.status == .killed(by: 9))
      #expect(folder.status("socket")?.type == .socket)
      let (client, server) = try await Command.server(pairing.client, endpoint).serve { server in
        try await Command.client(pairing.client, server.endpoint).run()
      }
      #expect(client == Outcome(.exited(0), output: "Server Message"))
      #expect(server == Outcome(.exited(0), error: "listening \(endpoint)\n"))
      #expect(folder.status("socket") == nil)
    }
  }

  @Test("A server fails if another one listens on the file, and does not disturb it", arguments: Pairing.all)
  func fileInUse(pairing: Pairing) async throws {
    try await withTemporaryFolder { folder in
      let endpoint = SocketKind.path.endpoint(in: folder)
      let (client, server) = try await Command.server(pairing.server, endpoint).serve { server in
        let second = try await Command.server(pairing.client, endpoint).run()
        let error = "Error : Could not bind: \(endpoint): Address already in use\n"
        #expect(second == Outcome(.exited(1), error: error))
        return try await Command.client(pairing.client, server.endpoint).run()
      }
      #expect(client == Outcome(.exited(0), output: "Server Message"))
      #expect(server == Outcome(.exited(0), error: "listening \(endpoint)\n"))
    }
  }

  @Test("A server does not change a file that is not a socket", arguments: Engine.allCases)
  func otherFile(engine: Engine) async throws {
    try await withTemporaryFolder { folder in
      let path = try folder.file("socket", "precious")
      let server = try await Command.server(engine, "unix:\(path)").run()
      let error = "Error : Could not bind: unix:\(path): Address already in use\n"
      #expect(server == Outcome(.exited(1), error: error))
      #expect(Bytes(try TestSystem.contents(of: path)) == "precious")
    }
  }
}
