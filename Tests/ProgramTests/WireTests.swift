import Testing

/// What each program puts on the wire, and what it makes of what comes, against a peer that is not one of ours.
@Suite(.fewAtATime, .repeatable())
struct WireTests {
  /// What a raw client sees of a server: what comes before its own end and after it.
  struct Sight: Hashable {
    let before, after: Bytes
  }

  @Test("Each server's bytes, and its end", arguments: Service.allCases, Place.allCases)
  func server(service: Service, place: Place) async throws {
    let data = Bytes.random(10_000)
    try await withFolder { folder in
      for engine in Engine.allCases {
        let command = Command.server(engine, "--service", "\(service)", place.endpoint(in: folder))
        let (sight, server) = try await command.serve { server in
          try await blocking {
            let client = try Socket(connectedTo: server.endpoint)
            switch service {
            case .greeting: return Sight(before: try client.receive(), after: "")
            case .message:
              try client.send("hello\nand more")
              return Sight(before: try client.receive(), after: "")
            case .echo:
              try client.send(data)
              let before = try client.receive(data.count)
              try client.send("the last")
              try client.finish()
              return Sight(before: before, after: try client.receive())
            case .discard:
              try client.send(data)
              try client.finish()
              return Sight(before: "", after: try client.receive())
            case .chargen:
              try client.finish()
              return Sight(before: "", after: try client.receive(20_000))
            }
          }
        }
        let expected =
          switch service {
          case .greeting: Sight(before: "Server Message", after: "")
          case .message: Sight(before: "I got your message", after: "")
          case .echo: Sight(before: data, after: "the last")
          case .discard: Sight(before: "", after: "")
          case .chargen: Sight(before: "", after: .chargen(20_000))
          }
        #expect(sight == expected, "\(engine)-server")
        let printed: Bytes = service == .message ? "Here is the message: hello\n\n" : ""
        let listening = "listening \(place.endpoint(in: folder))\n".masked
        #expect(server.masked == Outcome(.exited(0), output: printed, error: listening), "\(engine)-server")
      }
    }
  }

  @Test("A client sends its input as it is, half-closes, and prints what comes after that", arguments: Engine.allCases)
  func client(engine: Engine) async throws {
    let (sent, answer) = (Bytes.random(200_000), Bytes.random(100_000))
    try await withListener(at: Place.allCases) { listener in
      let command = Command.client(engine, listener.name).reading(.bytes(sent))
      let (received, client) = try await command.run { _ in
        try await blocking {
          let server = try listener.socket.accept()
          let received = try server.receive()
          try server.send(answer)
          return received
        }
      }
      #expect(received == sent, "\(listener.name)")
      #expect(client == Outcome(.exited(0), output: answer), "\(listener.name)")
    }
  }

  @Test("A client sends and prints at once what there is, before either end", arguments: Engine.allCases)
  func dialogue(engine: Engine) async throws {
    try await withListener(at: Place.allCases) { listener in
      let (seen, client) = try await Command.client(engine, listener.name).reading(.open).run { client in
        let server = try await blocking { try listener.socket.accept() }
        var seen: [Bytes] = []
        for (index, line) in ["one", "two\n", "three\0"].map(Bytes.init(stringLiteral:)).enumerated() {
          client.write(line)
          seen.append(try await blocking { try server.receive(line.count) })
          try await blocking { try server.send(Bytes("\(index)".utf8)) }
          #expect(await client.output.wait(for: index + 1), "\(listener.name)")
        }
        server.close()
        #expect(try await client.ends(within: 10_000), "input is left, and the server has ended: \(listener.name)")
        return seen
      }
      #expect(seen == ["one", "two\n", "three\0"], "\(listener.name)")
      #expect(client == Outcome(.exited(0), output: "012"), "\(listener.name)")
    }
  }

  @Test("What a server sends last and its end leave in one segment", arguments: Engine.allCases)
  func segment(engine: Engine) async throws {
    for (service, sent) in [("greeting", "Server Message"), ("message", "I got your message")] {
      try await withFolder { folder in
        let trace = folder.path("trace")
        let command = Command.server(engine, "--service", service, "tcp:127.0.0.1:0")
          .traced("-e", "trace=sendto,shutdown,close", "-o", trace)
        let (answer, server) = try await command.serve { server in
          try await Command.client(engine, server.endpoint).run(input: "hello\n")
        }
        #expect(answer == Outcome(.exited(0), output: Bytes(sent.utf8)), "\(service)")
        #expect(server.status == .exited(0), "\(service)")
        let calls = String(decoding: try System.contents(of: trace), as: UTF8.self).split(separator: "\n")
        let sending = try #require(calls.firstIndex { $0.contains("sendto(") }, "\(service): \(calls)")
        let call = #/sendto\((\d+), "([^"]*)", \d+, MSG_NOSIGNAL\|MSG_MORE, NULL, 0\) = \d+/#
        let match = try #require(calls[sending].firstMatch(of: call), "\(service): \(calls[sending])")
        #expect(match.2 == sent, "\(service)")
        // Whichever ends the connection lets the segment go.
        let next = calls[sending + 1]
        let ends = next.contains("shutdown(\(match.1), SHUT_WR)") || next.contains("close(\(match.1))")
        #expect(ends, "\(service): \(next)")
      }
    }
  }
}
