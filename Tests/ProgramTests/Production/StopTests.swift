import SystemPackage
import Testing

/// A server that is stopped by a signal exits within a second and with 0, and removes its socket file.
@Suite(.limitedConcurrency, .repeatable())
struct StopTests {
  @Test(
    "A signal stops a server that waits for a client", arguments: Engine.allCases,
    [Signal.terminate, .interrupt, .hangUp])
  func waiting(engine: Engine, signal: Signal) async throws {
    for options in [[], ["-k"]] {
      for kind in SocketKind.allCases {
        try await withTemporaryFolder { folder in
          var command = Command.server(engine, kind.endpoint(in: folder))
          command.arguments += options.map { Array($0.utf8) }
          let server = try await command.serve { server in
            #expect((folder.status("socket") != nil) == (kind == .path))
            server.process.send(signal)
            let ended = try await server.process.ends(within: 1_000)
            #expect(ended, "\(options) \(kind)")
          }.outcome
          let listening = "listening \(kind.endpoint(in: folder))\n".masked
          #expect(server.masked == Outcome(.exited(0), error: listening), "\(options) \(kind)")
          #expect(folder.status("socket") == nil, "\(options) \(kind)")
        }
      }
    }
  }

  @Test("A signal stops a server that waits for its client to send or to receive", arguments: Service.allCases)
  func serving(service: Service) async throws {
    for engine in Engine.allCases {
      for kind in SocketKind.twoKinds {
        try await withTemporaryFolder { folder in
          // More than the kernel buffers for a client that does not read.
          let large = try folder.file("large", Bytes([UInt8](repeating: 0, count: 1_048_576)))
          var command = Command.server(
            engine, "-k", "--drain", "0", "--service", "\(service)", kind.endpoint(in: folder))
          if service == .greeting { command.arguments += ["--message-file", large].map { Array($0.utf8) } }
          let server = try await command.serve { server in
            try await blocking {
              let client = try RawSocket(connectedTo: server.endpoint)
              switch service {
              case .greeting, .chargen: _ = try client.receive(1)
              case .echo:
                try client.send("abc")
                _ = try client.receive(3)
              case .message, .discard: try client.send("abc")
              }
              server.stop()
              #expect(server.process.awaitEnd(within: 1_000), "\(engine)-server at \(kind)")
            }
          }.outcome
          // Whether the server has accepted or read before it stops is left to chance.
          let lines = server.error.masked.split(separator: "\n").filter { !$0.hasPrefix("Warning : stop: ") }
          #expect(lines == ["listening \(kind.endpoint(in: folder))".masked[...]], "\(engine)-server at \(kind)")
          #expect(server.status == .exited(0), "\(engine)-server at \(kind)")
          #expect(folder.status("socket") == nil, "\(engine)-server at \(kind)")
        }
      }
    }
  }

  private static func endpoint(_ link: LinkKind?, in folder: TemporaryFolder) -> String {
    link?.endpoint(in: folder) ?? "tcp:127.0.0.1:0"
  }

  /// A client that takes a part of an answer for all of it would exit with 0.
  @Test(
    "A client that a stop cuts off reports a reset, and the server counts it", arguments: Pairing.all,
    LinkKind.allCases + [nil])
  func cutOff(pairing: Pairing, link: LinkKind?) async throws {
    for options in [[], ["-k", "--drain", "0"], ["-k", "--drain", "0.2"]] {
      try await withTemporaryFolder { folder in
        var command = Command.server(pairing.server, "--service", "chargen", "--log", "json", "--log-level", "debug")
        command.arguments += (options + [Self.endpoint(link, in: folder)]).map { Array($0.utf8) }
        let (client, server) = try await command.serve { server in
          try await Command.client(pairing.client, server.endpoint).reading(.open).run { client in
            #expect(await client.output.wait(for: 1))
            server.stop()
            let ended = try await client.ends(within: 20_000)
            #expect(ended)
          }.outcome
        }
        #expect(client.status == .exited(1), "\(options)")
        #expect(client.error.hasSuffix(": Connection reset by peer\n"), "\(options): \(client.error)")
        #expect(server.status == .exited(0), "\(options)")
        let records = server.error.records
        #expect(records.count { $0.contains(#""end":"stopped""#) } == 1, "\(options): \(records)")
        let warning = #"{"level":"warning","message":"stop","cut":1,"refused":0}"#
        #expect(records.contains(warning), "\(options): \(records)")
      }
    }
  }

  @Test(
    "A stop is the end for a client whose requests are answered", arguments: Pairing.all, LinkKind.allCases + [nil])
  func answered(pairing: Pairing, link: LinkKind?) async throws {
    try await withTemporaryFolder { folder in
      let command = Command.server(
        pairing.server, "-k", "--drain", "0", "--service", "echo", Self.endpoint(link, in: folder))
      let (client, server) = try await command.serve { server in
        try await Command.client(pairing.client, server.endpoint).reading(.open).run { client in
          client.write("all")
          #expect(await client.output.wait(for: 3))
          server.stop()
          let ended = try await client.ends(within: 20_000)
          #expect(ended)
        }.outcome
      }
      #expect(client == Outcome(.exited(0), output: "all"))
      #expect(server.status == .exited(0))
      #expect(!server.error.contains("stop"), "\(server.error)")
    }
  }

  @Test("The server counts the clients that a stop resets in the backlog", arguments: Engine.allCases)
  func refused(engine: Engine) async throws {
    for drain in ["0", "20"] {
      let command = Command.server(
        engine, "-k", "--drain", drain, "--max-clients", "1", "--service", "echo", "tcp:127.0.0.1:0")
      let server = try await command.serve { server in
        try await blocking {
          let first = try RawSocket(connectedTo: server.endpoint)
          try first.send("x")
          #expect(try first.receive(1) == "x")
          let waiting = [try RawSocket(connectedTo: server.endpoint), try RawSocket(connectedTo: server.endpoint)]
          server.stop()
          for socket in waiting { #expect(throws: Errno.connectionReset) { try socket.receive() } }
          try first.halfClose()
          #expect(try first.receive() == "")
        }
      }.outcome
      #expect(server.status == .exited(0))
      let lines = server.error.masked
      #expect(
        lines == "listening tcp:127.0.0.1:PORT\nWarning : stop: 0 clients cut off, 2 refused\n", "--drain \(drain)")
    }
  }

  @Test("A signal removes the names of a link's server", arguments: Engine.allCases, LinkKind.allCases)
  func link(engine: Engine, kind: LinkKind) async throws {
    for signal in [Signal.terminate, .interrupt, .hangUp] {
      try await withTemporaryFolder { folder in
        let server = try await Command.server(engine, "-k", kind.endpoint(in: folder)).serve { server in
          server.process.send(signal)
        }.outcome
        #expect(server == Outcome(.exited(0), error: "listening \(kind.endpoint(in: folder))\n"), "\(signal)")
        #expect(try await kind.leftovers(in: folder) == "", "\(signal)")
      }
    }
  }

  @Test("A server under nohup(1) outlives its terminal", arguments: Engine.allCases)
  func nohup(engine: Engine) async throws {
    let command = Command.server(engine, "-k", "0").inShell("exec nohup \"$0\" \"$@\"")
    let server = try await command.serveAndStop { server in
      server.process.send(.hangUp)
      let answer = try await blocking { try RawSocket(connectedTo: server.endpoint).receive() }
      #expect(answer == "Server Message")
    }.outcome
    #expect(server.status == .exited(0))
  }

  @Test("A signal that was ignored at the start stays ignored", arguments: Engine.allCases)
  func ignoredSignal(engine: Engine) async throws {
    let command = Command.server(engine, "--service", "echo", "0").inShell("trap '' INT; exec \"$0\" \"$@\"")
    let (client, server) = try await command.serve { server in
      server.process.send(.interrupt)
      return try await Command.client(engine, server.endpoint).reading(.open).run { client in
        client.write("one")
        #expect(await client.output.wait(for: 3))
        server.process.send(.interrupt)
        client.write("two")
        #expect(await client.output.wait(for: 6))
      }.outcome
    }
    #expect(client == Outcome(.exited(0), output: "onetwo"))
    #expect(server.masked == Outcome(.exited(0), error: "listening tcp:127.0.0.1:PORT\n"))
  }

  @Test("If one signal is ignored, the other one still stops the server", arguments: Engine.allCases)
  func otherSignal(engine: Engine) async throws {
    let command = Command.server(engine, "-k", "0").inShell("trap '' INT; exec \"$0\" \"$@\"")
    let server = try await command.serveAndStop { server in server.process.send(.interrupt) }.outcome
    #expect(server.masked == Outcome(.exited(0), error: "listening tcp:127.0.0.1:PORT\n"))
  }
}
