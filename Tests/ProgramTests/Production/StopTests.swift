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
          let listening = "listening \(kind.endpoint(in: folder))\n".masked
          #expect(server.masked == Outcome(.exited(0), error: listening), "\(engine)-server at \(kind)")
          #expect(folder.status("socket") == nil, "\(engine)-server at \(kind)")
        }
      }
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
