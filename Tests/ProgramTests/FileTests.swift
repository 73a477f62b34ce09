import SystemPackage
import Testing

/// The file of a Unix socket.
@Suite(.fewAtATime, .repeatable())
struct FileTests {
  @Test("It is the owner's only, and gone at the end", arguments: Engine.allCases)
  func mode(engine: Engine) async throws {
    try await withFolder { folder in
      let endpoint = Place.path.endpoint(in: folder)
      let command = Command.server(engine, endpoint).inShell("umask 0; exec \"$0\" \"$@\"")
      let (client, server) = try await command.serve { server in
        let status = folder.status("socket")
        #expect(status?.permissions == [.ownerRead, .ownerWrite])
        #expect(status?.type == .socket)
        return try await Command.client(engine, server.endpoint).run()
      }
      #expect(client == Outcome(.exited(0), output: "Server Message"))
      #expect(server == Outcome(.exited(0), error: "listening \(endpoint)\n"))
      #expect(folder.status("socket") == nil)
    }
  }

  @Test("One that a dead server left is replaced", arguments: Pairing.all)
  func stale(pairing: Pairing) async throws {
    try await withFolder { folder in
      let endpoint = Place.path.endpoint(in: folder)
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

  @Test("One of a server that lives is an error, and the server is not disturbed", arguments: Pairing.all)
  func live(pairing: Pairing) async throws {
    try await withFolder { folder in
      let endpoint = Place.path.endpoint(in: folder)
      let (client, server) = try await Command.server(pairing.server, endpoint).serve { server in
        let second = try await Command.server(pairing.client, endpoint).run()
        let error = "Error : Could not bind on Given IP: \(endpoint): Address already in use\n"
        #expect(second == Outcome(.exited(1), error: error))
        return try await Command.client(pairing.client, server.endpoint).run()
      }
      #expect(client == Outcome(.exited(0), output: "Server Message"))
      #expect(server == Outcome(.exited(0), error: "listening \(endpoint)\n"))
    }
  }

  @Test("A file that is no socket stays as it is", arguments: Engine.allCases)
  func other(engine: Engine) async throws {
    try await withFolder { folder in
      let path = try folder.file("socket", "precious")
      let server = try await Command.server(engine, "unix:\(path)").run()
      let error = "Error : Could not bind on Given IP: unix:\(path): Address already in use\n"
      #expect(server == Outcome(.exited(1), error: error))
      #expect(Bytes(try System.contents(of: path)) == "precious")
    }
  }
}
