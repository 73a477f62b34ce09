import Testing

/// Our servers with clients of other projects, and our clients with servers of other projects.
@Suite(.limitedConcurrency, .repeatable())
struct InteropTests {
  static let kinds = [SocketKind.ipv4, .ipv6, .path]

  @Test("nc, socat and Python are clients of our servers", arguments: ThirdParty.allCases, kinds)
  func client(thirdParty: ThirdParty, kind: SocketKind) async throws {
    let data = Bytes.random(100_000)
    let exchanges: [(Service, Bytes, answer: Bytes, printed: Bytes)] = [
      (.greeting, "", "Server Message", ""),
      (.message, "hello\n", "I got your message", "Here is the message: hello\n\n"),
      (.echo, data, data, ""),
      (.discard, data, "", ""),
    ]
    for engine in Engine.allCases {
      for (service, sent, answer, printed) in exchanges {
        try await withTemporaryFolder { folder in
          let command = Command.server(engine, "--service", "\(service)", kind.endpoint(in: folder))
          let (client, server) = try await command.serve { server in
            try await thirdParty.client(of: server.endpoint).reading(.open).run { client in
              client.write(sent)
              // The Python client reads all of its input before it sends.
              if thirdParty == .python { client.closeInput() }
              _ = await client.output.wait(for: answer.count)
              client.closeInput()
            }.outcome
          }
          #expect(client.status == .exited(0), "\(engine)-server, \(service): \(client)")
          #expect(client.output == answer, "\(engine)-server, \(service): \(client)")
          let listening = "listening \(kind.endpoint(in: folder))\n".masked
          let expected = Outcome(.exited(0), output: printed, error: listening)
          #expect(server.masked == expected, "\(engine)-server, \(service)")
        }
      }
    }
  }

  @Test("A server of chargen ends well when nc, socat or Python is killed", arguments: ThirdParty.allCases, kinds)
  func killedClient(thirdParty: ThirdParty, kind: SocketKind) async throws {
    for engine in Engine.allCases {
      try await withTemporaryFolder { folder in
        let command = Command.server(engine, "--service", "chargen", kind.endpoint(in: folder))
        let (client, server) = try await command.serve { server in
          try await thirdParty.client(of: server.endpoint).reading(.open).writing(.stalled(10_000)).run { client in
            // The Python client reads all of its input before it sends.
            client.closeInput()
            #expect(await client.output.wait(for: 10_000), "\(engine)-server")
            client.send(.kill)
          }.outcome
        }
        #expect(client == Outcome(.killed(by: 9), output: .chargen(10_000)), "\(engine)-server")
        let listening = "listening \(kind.endpoint(in: folder))\n".masked
        #expect(server.masked == Outcome(.exited(0), error: listening), "\(engine)-server")
      }
    }
  }

  @Test("Our clients work with servers in nc, socat and Python", arguments: ThirdParty.allCases, kinds)
  func server(thirdParty: ThirdParty, kind: SocketKind) async throws {
    let (asked, answered) = (Bytes.random(100_000), Bytes([UInt8](Bytes.random(150_000).array.reversed())))
    for engine in Engine.allCases {
      try await withTemporaryFolder { folder in
        let (client, server) = try await thirdParty.server(at: kind, in: folder).reading(.open).run {
          server -> Outcome in
          server.write(answered)
          if thirdParty == .python { server.closeInput() }
          let announcement = try #require(
            await server.error.line(after: thirdParty.announcement), "\(server.error.text)")
          let endpoint = try #require(thirdParty.endpoint(from: announcement, at: kind, in: folder), "\(announcement)")
          let client = Command.client(engine, endpoint).reading(.open)
          return try await client.run { client in
            client.write(asked)
            if thirdParty == .python { client.closeInput() }
            // Both directions must be complete before either end closes: netcat and our client exit at the other's end.
            if thirdParty != .python { _ = await server.output.wait(for: asked.count) }
            _ = await client.output.wait(for: answered.count)
            client.closeInput()
            server.closeInput()
          }.outcome
        }
        #expect(client == Outcome(.exited(0), output: answered), "\(engine)-client")
        #expect(server.output == asked, "\(engine)-client: \(server)")
        #expect(server.status == .exited(0), "\(engine)-client")
      }
    }
  }
}
