import Testing

/// The client's options about what it copies, and for how long.
@Suite(.limitedConcurrency, .repeatable())
struct RelayingTests {
  @Test("A client gives up after its idle timeout, and names the server", arguments: Engine.allCases)
  func idle(engine: Engine) async throws {
    try await withListener(at: [.ipv4, .path]) { listener in
      let command = Command.client(engine, "--idle-timeout", "1", listener.endpoint).reading(.open)
      let client = try await command.run { client in
        let server = try await blocking { try listener.socket.accept() }
        try await blocking { try server.send("partial") }
        #expect(try await client.ends(within: 20_000), "\(listener.endpoint)")
      }.outcome
      let error = "Error : Idle timeout reached: \(listener.endpoint): --idle-timeout exceeded\n"
      #expect(client == Outcome(.exited(1), output: "partial", error: error))
    }
  }

  @Test("A client gives up after its idle timeout over a link, and names the server", arguments: LinkKind.allCases)
  func idleOverLink(kind: LinkKind) async throws {
    for pairing in Pairing.all {
      try await withTemporaryFolder { folder in
        let command = Command.server(pairing.server, "--service", "echo", kind.endpoint(in: folder))
        let client = try await command.serve { server in
          let client = Command.client(pairing.client, "--idle-timeout", "0.2", server.endpoint).reading(.open)
          return try await client.run { client in
            let ends = try await client.ends(within: 20_000)
            #expect(ends, "\(pairing)")
          }.outcome
        }.result
        let error = "Error : Idle timeout reached: \(kind.endpoint(in: folder)): --idle-timeout exceeded\n"
        #expect(client == Outcome(.exited(1), error: error), "\(pairing)")
      }
    }
  }

  @Test("--keep-sending sends after the server's end, as nc does", arguments: [SocketKind.ipv4, .path])
  func keepSending(kind: SocketKind) async throws {
    try await withListener(at: [kind]) { listener in
      let ours = Engine.allCases.map { Command.client($0, "--keep-sending", listener.endpoint) }
      for command in ours + [ThirdParty.netcat.client(of: listener.endpoint)] {
        let (received, client) = try await command.reading(.open).run { client in
          let server = try await blocking {
            let server = try listener.socket.accept()
            try server.send("bye")
            try server.halfClose()
            return server
          }
          #expect(await client.output.wait(for: 3))
          client.write("late")
          let first = try await blocking { try server.receive(4) }
          client.closeInput()
          return first + (try await blocking { try server.receive() })
        }
        #expect(received == "late", "\(command)")
        #expect(client == Outcome(.exited(0), output: "bye"), "\(command)")
      }
    }
  }

  @Test("A client with --keep-sending fails if the server does not accept all of its input", arguments: Engine.allCases)
  func refused(engine: Engine) async throws {
    try await withListener(at: [.ipv4, .path]) { listener in
      let client = try await Command.client(engine, "--keep-sending", listener.endpoint).reading(.open).run { client in
        try await blocking {
          let server = try listener.socket.accept()
          try server.send("bye")
          server.close()
        }
        #expect(await client.output.wait(for: 3))
        while try await !client.ends(within: 10) { client.write("x") }
      }.outcome
      let error = "Error : Write error: \(listener.endpoint): Broken pipe\n"
      #expect(client == Outcome(.exited(1), output: "bye", error: error))
    }
  }

  @Test("--send-only sends all of the input, and prints nothing", arguments: Pairing.all)
  func sendOnly(pairing: Pairing) async throws {
    let sent = Bytes.random(500_000)
    for service in [Service.echo, .discard] {
      let command = Command.server(pairing.server, "-v", "--service", "\(service)", "0")
      let (client, server) = try await command.serve { server in
        try await Command.client(pairing.client, "--send-only", server.endpoint).run(input: sent)
      }
      #expect(client == Outcome(.exited(0)), "\(service)")
      #expect(server.status == .exited(0), "\(service)")
      let received = server.error.matches(of: /receive: .* (\d+) bytes?\n/).compactMap { Int($0.1) }.reduce(0, +)
      #expect(received == sent.count, "\(service)")
    }
  }

  @Test("--receive-only prints what the server sends, and sends neither input nor an end", arguments: Engine.allCases)
  func receiveOnly(engine: Engine) async throws {
    try await withListener(at: [.ipv4, .path]) { listener in
      let command = Command.client(engine, "--receive-only", "-v", listener.endpoint)
      let client = try await command.reading(.bytes("unread")).run { client in
        let server = try await blocking { try listener.socket.accept() }
        try await blocking { try server.send("down") }
        #expect(await client.output.wait(for: 4))
        server.close()
      }.outcome
      #expect(client.status == .exited(0))
      #expect(client.output == "down")
      #expect(!client.error.contains("input: ") && !client.error.contains("finish: "), "\(client)")
    }
  }
}
