import Testing

/// A server that is told to stop ends within a second and with 0, and takes its socket file with it.
@Suite(.fewAtATime, .repeatable())
struct StopTests {
  @Test("While it waits", arguments: Engine.allCases, [Signal.terminate, .interrupt])
  func waiting(engine: Engine, signal: Signal) async throws {
    for options in [[], ["-k"]] {
      for place in Place.allCases {
        try await withFolder { folder in
          var command = Command.server(engine, place.endpoint(in: folder))
          command.arguments += options.map { Array($0.utf8) }
          let server = try await command.serve { server in
            #expect((folder.status("socket") != nil) == (place == .path))
            server.process.send(signal)
            let ended = try await server.process.ends(within: 1_000)
            #expect(ended, "\(options) \(place)")
          }.outcome
          let listening = "listening \(place.endpoint(in: folder))\n".masked
          #expect(server.masked == Outcome(.exited(0), error: listening), "\(options) \(place)")
          #expect(folder.status("socket") == nil, "\(options) \(place)")
        }
      }
    }
  }

  @Test("While it serves, whether it waits for its client to send or to receive", arguments: Service.allCases)
  func serving(service: Service) async throws {
    for engine in Engine.allCases {
      for place in Place.twoKinds {
        try await withFolder { folder in
          // More than the kernel holds for a client that does not read.
          let large = try folder.file("large", Bytes([UInt8](repeating: 0, count: 1_048_576)))
          var command = Command.server(
            engine, "-k", "--drain", "0", "--service", "\(service)", place.endpoint(in: folder))
          if service == .greeting { command.arguments += ["--message-file", large].map { Array($0.utf8) } }
          let server = try await command.serve { server in
            try await blocking {
              let client = try Socket(connectedTo: server.endpoint)
              switch service {
              case .greeting, .chargen: _ = try client.receive(1)
              case .echo:
                try client.send("abc")
                _ = try client.receive(3)
              case .message, .discard: try client.send("abc")
              }
              server.stop()
              #expect(server.process.awaitEnd(within: 1_000), "\(engine)-server at \(place)")
            }
          }.outcome
          let listening = "listening \(place.endpoint(in: folder))\n".masked
          #expect(server.masked == Outcome(.exited(0), error: listening), "\(engine)-server at \(place)")
          #expect(folder.status("socket") == nil, "\(engine)-server at \(place)")
        }
      }
    }
  }

  @Test("What was ignored at the start stays so", arguments: Engine.allCases)
  func ignored(engine: Engine) async throws {
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

  @Test("The other signal still stops it", arguments: Engine.allCases)
  func other(engine: Engine) async throws {
    let command = Command.server(engine, "-k", "0").inShell("trap '' INT; exec \"$0\" \"$@\"")
    let server = try await command.serveAndStop { server in server.process.send(.interrupt) }.outcome
    #expect(server.masked == Outcome(.exited(0), error: "listening tcp:127.0.0.1:PORT\n"))
  }
}
