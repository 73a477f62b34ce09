import Testing

/// One end of a link is killed at any moment: the other says so, or does not mind, and never hangs; nothing stays.
@Suite(.fewAtATime, .repeatable())
struct DeathTests {
  /// Of each transport and pairing, clients and servers that are killed: 528 in all.
  static let (clientRounds, serverRounds) = (30, 14)

  @Test("Clients that are killed cost the server nothing", arguments: Pairing.all, LocalPlace.allCases)
  func clients(pairing: Pairing, place: LocalPlace) async throws {
    var random = SplitMix(state: Seed.value)
    let moments = (0..<Self.clientRounds).map { _ in
      (bytes: Int.random(in: 0...200_000, using: &random), stops: Bool.random(using: &random))
    }
    try await withFolder { folder in
      let endpoint = place.endpoint(in: folder)
      let command = Command.server(pairing.server, "-k", "--service", "echo", endpoint)
      let (_, server) = try await command.serveAndStop { server in
        let descriptors = try await server.process.descriptors().count
        for moment in moments {
          _ = try await Command.client(pairing.client, endpoint).reading(.open).run { client in
            client.write(Bytes(repeating: moment.bytes))
            if moment.bytes > 0 { _ = await client.output.wait(for: 1 + moment.bytes / 2) }
            if moment.stops { try await blocking { try client.pause() } }
            client.send(.kill)
          }
        }
        let after = try await Command.client(pairing.client, endpoint).run(input: "alive")
        #expect(after == Outcome(.exited(0), output: "alive"))
        // The server leaves the last one a moment after that has its end.
        var left = try await server.process.descriptors().count
        for _ in 0..<100 where left > descriptors {
          #expect(try await server.process.ends(within: 20) == false)
          left = try await server.process.descriptors().count
        }
        #expect(left <= descriptors, "\(pairing)")
      }
      #expect(server.status == .exited(0))
      let told = server.error.split(separator: "\n").dropFirst()
      #expect(told.allSatisfy { $0.hasSuffix(": \(endpoint): Owner died") }, "\(server.error)")
      #expect(!told.isEmpty && told.count <= Self.clientRounds)
      #expect(try await place.leftovers(in: folder) == "")
    }
  }

  @Test("A client that is killed after its end, before the server's", arguments: Pairing.all, LocalPlace.allCases)
  func amidTheAnswer(pairing: Pairing, place: LocalPlace) async throws {
    try await withFolder { folder in
      let endpoint = place.endpoint(in: folder)
      let (_, server) = try await Command.server(pairing.server, "--service", "chargen", endpoint).serve { server in
        _ = try await Command.client(pairing.client, endpoint).writing(.held(100_000)).run { client in
          _ = await client.output.wait(for: 100_000)
          let hasEnded = try await client.ends(within: 100)
          #expect(!hasEnded)
          client.send(.kill)
        }
        #expect(try await server.process.ends(within: 10_000))
      }
      #expect(server.status == .exited(1))
      #expect(server.error == "listening \(endpoint)\nError : Write error: \(endpoint): Owner died\n")
      #expect(try await place.leftovers(in: folder) == "")
    }
  }

  @Test("A server that is killed is told, and its names are taken over", arguments: Pairing.all, LocalPlace.allCases)
  func servers(pairing: Pairing, place: LocalPlace) async throws {
    var random = SplitMix(state: Seed.value)
    let moments = (0..<Self.serverRounds).map { _ in
      (bytes: Int.random(in: 1...100_000, using: &random), stops: Bool.random(using: &random))
    }
    try await withFolder { folder in
      let endpoint = place.endpoint(in: folder)
      for moment in moments {
        let command = Command.server(pairing.server, "-k", "--service", "echo", endpoint)
        let (client, server) = try await command.serve { server in
          try await Command.client(pairing.client, endpoint).reading(.open).run { client in
            client.write(Bytes(repeating: moment.bytes))
            _ = await client.output.wait(for: 1 + moment.bytes / 2)
            if moment.stops { try await blocking { try server.process.pause() } }
            server.process.send(.kill)
            let start = ContinuousClock.now
            #expect(try await client.ends(within: 10_000))
            #expect(ContinuousClock.now - start < .seconds(3), "within a second, on a busy machine")
          }.outcome
        }
        #expect(server.status == .killed(by: 9))
        #expect(client.status == .exited(1))
        #expect(client.error == "Error : Read error: \(endpoint): Owner died\n")
      }
      let command = Command.server(pairing.server, endpoint)
      let (client, server) = try await command.serve { _ in try await Command.client(pairing.client, endpoint).run() }
      #expect(client == Outcome(.exited(0), output: "Server Message"))
      #expect(server == Outcome(.exited(0), error: "listening \(endpoint)\n"))
      #expect(try await place.leftovers(in: folder) == "")
    }
  }
}

extension Bytes {
  fileprivate init(repeating count: Int) { self.init([UInt8](repeating: 65, count: count)) }
}
