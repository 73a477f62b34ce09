import Testing

/// Our servers with the clients of others, and our clients with their servers.
@Suite(.fewAtATime, .repeatable())
struct OtherTests {
  static let places = [Place.ipv4, .ipv6, .path]

  @Test("A client of others", arguments: Other.allCases, places)
  func client(other: Other, place: Place) async throws {
    let data = Bytes.random(100_000)
    let talks: [(Service, Bytes, answer: Bytes, printed: Bytes)] = [
      (.greeting, "", "Server Message", ""),
      (.message, "hello\n", "I got your message", "Here is the message: hello\n\n"),
      (.echo, data, data, ""),
      (.discard, data, "", ""),
    ]
    for engine in Engine.allCases {
      for (service, sent, answer, printed) in talks {
        try await withFolder { folder in
          let command = Command.server(engine, "--service", "\(service)", place.endpoint(in: folder))
          let (client, server) = try await command.serve { server in
            try await other.client(of: server.endpoint).reading(.open).run { client in
              client.write(sent)
              // Python reads its input first.
              if other == .python { client.finishInput() }
              _ = await client.output.wait(for: answer.count)
              client.finishInput()
            }.outcome
          }
          #expect(client.status == .exited(0), "\(engine)-server, \(service): \(client)")
          #expect(client.output == answer, "\(engine)-server, \(service): \(client)")
          let listening = "listening \(place.endpoint(in: folder))\n".masked
          let expected = Outcome(.exited(0), output: printed, error: listening)
          #expect(server.masked == expected, "\(engine)-server, \(service)")
        }
      }
    }
  }

  @Test("Their client leaves amid chargen", arguments: Other.allCases, places)
  func chargen(other: Other, place: Place) async throws {
    for engine in Engine.allCases {
      try await withFolder { folder in
        let command = Command.server(engine, "--service", "chargen", place.endpoint(in: folder))
        let (client, server) = try await command.serve { server in
          try await other.client(of: server.endpoint).reading(.open).writing(.held(10_000)).run { client in
            // Python reads its input first.
            client.finishInput()
            #expect(await client.output.wait(for: 10_000), "\(engine)-server")
            client.send(.kill)
          }.outcome
        }
        #expect(client == Outcome(.killed(by: 9), output: .chargen(10_000)), "\(engine)-server")
        let listening = "listening \(place.endpoint(in: folder))\n".masked
        #expect(server.masked == Outcome(.exited(0), error: listening), "\(engine)-server")
      }
    }
  }

  @Test("A server of others", arguments: Other.allCases, places)
  func server(other: Other, place: Place) async throws {
    let (asked, answered) = (Bytes.random(100_000), Bytes([UInt8](Bytes.random(150_000).array.reversed())))
    for engine in Engine.allCases {
      try await withFolder { folder in
        let (client, server) = try await other.server(at: place, in: folder).reading(.open).run { server -> Outcome in
          server.write(answered)
          if other == .python { server.finishInput() }
          let said = try #require(await server.error.line(after: other.announcement), "\(server.error.text)")
          let endpoint = try #require(other.endpoint(said, at: place, in: folder), "\(said)")
          let client = Command.client(engine, endpoint).reading(.open)
          return try await client.run { client in
            client.write(asked)
            if other == .python { client.finishInput() }
            // Either end would be the end of netcat's or of our client's interest in the other direction.
            if other != .python { _ = await server.output.wait(for: asked.count) }
            _ = await client.output.wait(for: answered.count)
            client.finishInput()
            server.finishInput()
          }.outcome
        }
        #expect(client == Outcome(.exited(0), output: answered), "\(engine)-client")
        #expect(server.output == asked, "\(engine)-client: \(server)")
        #expect(server.status == .exited(0), "\(engine)-client")
      }
    }
  }
}
