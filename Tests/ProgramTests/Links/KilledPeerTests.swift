import Crowd
import Subprocess
import Testing

/// One end of a link is killed at a random moment: the other end reports it if data is lost, never hangs, and no name is
/// left behind.
@Suite(.limitedConcurrency, .repeatable())
struct KilledPeerTests {
  /// How many clients and servers are killed for each link and pairing; 528 in the long rounds.
  static let clientRounds = LongRounds.count(30, otherwise: 6)
  static let serverRounds = LongRounds.count(14, otherwise: 3)

  @Test(
    "Killed clients cost the server no descriptor, and it serves the next one", arguments: Pairing.all,
    LinkKind.allCases)
  func killedClients(pairing: Pairing, kind: LinkKind) async throws {
    var random = SplitMix64(seed: Seed.value)
    let moments = (0..<Self.clientRounds).map { _ in
      (bytes: Int.random(in: 0...200_000, using: &random), stops: Bool.random(using: &random))
    }
    try await withTemporaryFolder { folder in
      let endpoint = kind.endpoint(in: folder)
      let command = Command.server(pairing.server, "-k", "--service", "echo", endpoint)
      let (_, server) = try await command.serveAndStop { server in
        let descriptors = try await idleDescriptors(of: server.process)
        for moment in moments {
          _ = try await Command.client(pairing.client, endpoint).reading(.open).run { client in
            client.write(Bytes(repeating: moment.bytes))
            if moment.bytes > 0 { _ = await client.output.wait(for: 1 + moment.bytes / 2) }
            if moment.stops { try await blocking { try client.suspend() } }
            client.send(.kill)
          }
        }
        let after = try await Command.client(pairing.client, endpoint).run(input: "alive")
        #expect(after == Outcome(.exited(0), output: "alive"))
        // The server closes its end of the last connection a moment after the client has ended.
        var left = try await server.process.descriptors().count
        for _ in 0..<100 where left > descriptors {
          #expect(try await server.process.ends(within: 20) == false)
          left = try await server.process.descriptors().count
        }
        #expect(left <= descriptors, "\(pairing)")
      }
      #expect(server.status == .exited(0))
      let errors = server.error.split(separator: "\n").dropFirst()
      // Beyond ten lines of a kind the server counts them.
      let deaths = errors.map { line -> Int in
        if line.hasSuffix(": \(endpoint): Owner died") { return 1 }
        return line.wholeMatch(of: /Error : Read error: Owner died: repeated (\d+) times?/).flatMap { Int($0.1) }
          ?? .min
      }
      #expect(deaths.allSatisfy { $0 > 0 } && 1...Self.clientRounds ~= deaths.reduce(0, &+), "\(server.error)")
      #expect(try await kind.leftovers(in: folder) == "")
    }
  }

  /// How many descriptors a server has while it waits for clients. It opens the last one, an epoll, after it has printed
  /// that it listens.
  private func idleDescriptors(of server: RunningProcess) async throws -> Int {
    for _ in 0..<500 {
      let descriptors = try await server.descriptors()
      let targets = descriptors.map { TestSystem.target(ofLink: "/proc/\(server.id.value)/fd/\($0)") }
      if targets.contains("anon_inode:[eventpoll]") { return descriptors.count }
      #expect(try await server.ends(within: 20) == false)
    }
    throw RunFailure(description: "the server has no epoll descriptor")
  }

  @Test("A server reports a client that is killed after its half-close", arguments: Pairing.all, LinkKind.allCases)
  func killedAfterHalfClose(pairing: Pairing, kind: LinkKind) async throws {
    try await withTemporaryFolder { folder in
      let endpoint = kind.endpoint(in: folder)
      let (_, server) = try await Command.server(pairing.server, "--service", "chargen", endpoint).serve { server in
        _ = try await Command.client(pairing.client, endpoint).writing(.stalled(100_000)).run { client in
          _ = await client.output.wait(for: 100_000)
          let hasEnded = try await client.ends(within: 100)
          #expect(!hasEnded)
          client.send(.kill)
        }
        #expect(try await server.process.ends(within: 10_000))
      }
      #expect(server.status == .exited(1))
      #expect(server.error == "listening \(endpoint)\nError : Write error: \(endpoint): Owner died\n")
      #expect(try await kind.leftovers(in: folder) == "")
    }
  }

  @Test(
    "A client reports a killed server, and the next server replaces its names", arguments: Pairing.all,
    LinkKind.allCases)
  func killedServers(pairing: Pairing, kind: LinkKind) async throws {
    var random = SplitMix64(seed: Seed.value)
    let moments = (0..<Self.serverRounds).map { _ in
      (bytes: Int.random(in: 1...100_000, using: &random), stops: Bool.random(using: &random))
    }
    try await withTemporaryFolder { folder in
      let endpoint = kind.endpoint(in: folder)
      for moment in moments {
        let command = Command.server(pairing.server, "-k", "--service", "echo", endpoint)
        let (client, server) = try await command.serve { server in
          try await Command.client(pairing.client, endpoint).reading(.open).run { client in
            client.write(Bytes(repeating: moment.bytes))
            _ = await client.output.wait(for: 1 + moment.bytes / 2)
            if moment.stops { try await blocking { try server.process.suspend() } }
            server.process.send(.kill)
            let start = ContinuousClock.now
            #expect(try await client.ends(within: 10_000))
            #expect(
              ContinuousClock.now - start < .seconds(3),
              "the client reports it within a second, or three on a busy machine")
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
      #expect(try await kind.leftovers(in: folder) == "")
    }
  }
}

extension Bytes {
  fileprivate init(repeating count: Int) { self.init([UInt8](repeating: 65, count: count)) }
}
