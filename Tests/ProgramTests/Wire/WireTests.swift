import Testing

/// The bytes that each program sends to a raw socket, and what it does with the bytes that it receives.
@Suite(.limitedConcurrency, .repeatable())
struct WireTests {
  /// What a raw client receives, before and after its half-close.
  struct Observed: Hashable {
    let before, after: Bytes
  }

  @Test("Each service sends the expected bytes, and ends", arguments: Service.allCases, SocketKind.allCases)
  func server(service: Service, kind: SocketKind) async throws {
    let data = Bytes.random(10_000)
    try await withTemporaryFolder { folder in
      for engine in Engine.allCases {
        let command = Command.server(engine, "--service", "\(service)", kind.endpoint(in: folder))
        let (observed, server) = try await command.serve { server in
          try await blocking {
            let client = try RawSocket(connectedTo: server.endpoint)
            switch service {
            case .greeting: return Observed(before: try client.receive(), after: "")
            case .message:
              try client.send("hello\nand more")
              return Observed(before: try client.receive(), after: "")
            case .echo:
              try client.send(data)
              let before = try client.receive(data.count)
              try client.send("the last")
              try client.halfClose()
              return Observed(before: before, after: try client.receive())
            case .discard:
              try client.send(data)
              try client.halfClose()
              return Observed(before: "", after: try client.receive())
            case .chargen:
              try client.halfClose()
              return Observed(before: "", after: try client.receive(20_000))
            }
          }
        }
        let expected =
          switch service {
          case .greeting: Observed(before: "Server Message", after: "")
          case .message: Observed(before: "I got your message", after: "")
          case .echo: Observed(before: data, after: "the last")
          case .discard: Observed(before: "", after: "")
          case .chargen: Observed(before: "", after: .chargen(20_000))
          }
        #expect(observed == expected, "\(engine)-server")
        let printed: Bytes = service == .message ? "Here is the message: hello\n\n" : ""
        let listening = "listening \(kind.endpoint(in: folder))\n".masked
        #expect(server.masked == Outcome(.exited(0), output: printed, error: listening), "\(engine)-server")
      }
    }
  }

  @Test("The client sends its input, half-closes, and prints the answer", arguments: Engine.allCases)
  func client(engine: Engine) async throws {
    let (sent, answer) = (Bytes.random(200_000), Bytes.random(100_000))
    try await withListener(at: SocketKind.allCases) { listener in
      let command = Command.client(engine, listener.endpoint).reading(.bytes(sent))
      let (received, client) = try await command.run { _ in
        try await blocking {
          let server = try listener.socket.accept()
          let received = try server.receive()
          try server.send(answer)
          return received
        }
      }
      #expect(received == sent, "\(listener.endpoint)")
      #expect(client == Outcome(.exited(0), output: answer), "\(listener.endpoint)")
    }
  }

  @Test("The client sends and prints data as soon as it is available", arguments: Engine.allCases)
  func dialogue(engine: Engine) async throws {
    try await withListener(at: SocketKind.allCases) { listener in
      let (seen, client) = try await Command.client(engine, listener.endpoint).reading(.open).run { client in
        let server = try await blocking { try listener.socket.accept() }
        var seen: [Bytes] = []
        for (index, line) in ["one", "two\n", "three\0"].map(Bytes.init(stringLiteral:)).enumerated() {
          client.write(line)
          seen.append(try await blocking { try server.receive(line.count) })
          try await blocking { try server.send(Bytes("\(index)".utf8)) }
          #expect(await client.output.wait(for: index + 1), "\(listener.endpoint)")
        }
        server.close()
        #expect(
          try await client.ends(within: 10_000),
          "the client ends with the server, although its input is open: \(listener.endpoint)")
        return seen
      }
      #expect(seen == ["one", "two\n", "three\0"], "\(listener.endpoint)")
      #expect(client == Outcome(.exited(0), output: "012"), "\(listener.endpoint)")
    }
  }

  @Test("The server's last bytes and its end leave in one segment", arguments: Engine.allCases)
  func segment(engine: Engine) async throws {
    for (service, sent) in [("greeting", "Server Message"), ("message", "I got your message")] {
      try await withTemporaryFolder { folder in
        let trace = folder.path("trace")
        let command = Command.server(engine, "--service", service, "tcp:127.0.0.1:0")
          .traced("-e", "trace=sendto,shutdown,close", "-o", trace)
        let (answer, server) = try await command.serve { server in
          try await Command.client(engine, server.endpoint).run(input: "hello\n")
        }
        #expect(answer == Outcome(.exited(0), output: Bytes(sent.utf8)), "\(service)")
        #expect(server.status == .exited(0), "\(service)")
        let calls = String(decoding: try TestSystem.contents(of: trace), as: UTF8.self).split(separator: "\n")
        let sending = try #require(calls.firstIndex { $0.contains("sendto(") }, "\(service): \(calls)")
        let call = #/sendto\((\d+), "([^"]*)", \d+, MSG_NOSIGNAL\|MSG_MORE, NULL, 0\) = \d+/#
        let match = try #require(calls[sending].firstMatch(of: call), "\(service): \(calls[sending])")
        #expect(match.2 == sent, "\(service)")
        // MSG_MORE delays the segment until the next call ends the connection.
        let next = calls[sending + 1]
        let ends = next.contains("shutdown(\(match.1), SHUT_WR)") || next.contains("close(\(match.1))")
        #expect(ends, "\(service): \(next)")
      }
    }
  }
}
