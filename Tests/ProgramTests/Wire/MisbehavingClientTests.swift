import Testing

/// Clients that disconnect early, reset, or send data that the service does not read: none of them harms the server or
/// the next client.
@Suite(.limitedConcurrency, .repeatable())
struct MisbehavingClientTests {
  @Test(
    "A server reports correctly a client that disconnected before it was accepted", arguments: Service.allCases,
    SocketKind.twoKinds)
  func earlyDisconnect(service: Service, kind: SocketKind) async throws {
    for disconnect in EarlyDisconnect.allCases {
      for engine in Engine.allCases {
        try await withTemporaryFolder { folder in
          let command = Command.server(engine, "--service", "\(service)", kind.endpoint(in: folder))
          let server = try await command.serve { server in
            try await blocking {
              try server.process.suspend()
              try disconnect.perform(at: server.endpoint)
              server.process.send(.resume)
            }
          }.outcome
          let endpoint = kind.endpoint(in: folder).masked
          let error = disconnect.error(of: service, at: endpoint)
          let expected = Outcome(
            .exited(error == nil ? 0 : 1), output: disconnect.printed(by: service, at: endpoint),
            error: "listening \(endpoint)\n\(error ?? "")")
          #expect(server.masked == expected, "\(engine)-server, a client that \(disconnect)")
        }
      }
    }
  }

  @Test(
    "With -k, a server reports each early disconnect, and serves the next client", arguments: Service.allCases,
    SocketKind.twoKinds)
  func nextClient(service: Service, kind: SocketKind) async throws {
    for engine in Engine.allCases {
      try await withTemporaryFolder { folder in
        let command = Command.server(engine, "-k", "--service", "\(service)", kind.endpoint(in: folder))
        let (answer, server) = try await command.serveAndStop { server in
          try await blocking {
            try server.process.suspend()
            for disconnect in EarlyDisconnect.allCases { try disconnect.perform(at: server.endpoint) }
            server.process.send(.resume)
            let client = try RawSocket(connectedTo: server.endpoint)
            if service != .greeting { try client.send("well\n") }
            if service != .message { try client.halfClose() }
            return try client.receive(service == .chargen ? 1_000 : .max)
          }
        }
        let (expected, printed): (Bytes, Bytes) =
          switch service {
          case .greeting: ("Server Message", "")
          case .message: ("I got your message", "Here is the message: well\n\n")
          case .echo: ("well\n", "")
          case .discard: ("", "")
          case .chargen: (.chargen(1_000), "")
          }
        #expect(answer == expected, "\(engine)-server")
        let endpoint = kind.endpoint(in: folder).masked
        let errors = EarlyDisconnect.allCases.compactMap { $0.line(of: service, at: endpoint) }.joined()
        let before = EarlyDisconnect.allCases.map { $0.printed(by: service, at: endpoint) }.reduce("", +)
        // All clients are connected at once, so the order of the lines is random.
        #expect(server.status == .exited(0), "\(engine)-server")
        #expect(lines(server.output) == lines(before + printed), "\(engine)-server")
        #expect(
          lines(Bytes(server.masked.error.utf8)) == lines(Bytes("listening \(endpoint)\n\(errors)".utf8)),
          "\(engine)-server")
      }
    }
  }

  private func lines(_ text: Bytes) -> [ArraySlice<UInt8>] {
    text.array.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).sorted {
      $0.lexicographicallyPrecedes($1)
    }
  }

  @Test(
    "With -k, a server reports a reset in the middle of the data, and serves the next client",
    arguments: Service.allCases, Engine.allCases)
  func resetWithinData(service: Service, engine: Engine) async throws {
    try await withTemporaryFolder { folder in
      let large = try folder.file("large", Bytes([UInt8](repeating: 65, count: 1_048_576)))
      var command = Command.server(engine, "-k", "--service", "\(service)", "tcp:127.0.0.1:0")
      if service == .greeting { command.arguments += ["--message-file", large].map { Array($0.utf8) } }
      let (answer, server) = try await command.serveAndStop { server in
        try await blocking {
          let rough = try RawSocket(connectedTo: server.endpoint)
          if service != .greeting && service != .chargen { try rough.send("abc") }
          if service == .greeting || service == .chargen { _ = try rough.receive(1_000) }
          if service == .echo { _ = try rough.receive(3) }
          try rough.reset()
          let next = try RawSocket(connectedTo: server.endpoint)
          try next.send("\n")
          try next.halfClose()
          return try next.receive(10)
        }
      }
      let expected: Bytes =
        switch service {
        case .greeting: "AAAAAAAAAA"
        case .message: "I got your"
        case .echo: "\n"
        case .discard: ""
        case .chargen: .chargen(10)
        }
      #expect(answer == expected)
      var error = "listening tcp:127.0.0.1:PORT\n"
      if service != .chargen { error += "client tcp:127.0.0.1:PORT: reset the connection\n" }
      if service == .greeting {
        // Each client disconnects during the greeting, or after all of it is in the kernel's buffers.
        let output = /listening tcp:127.0.0.1:PORT\n(client tcp:127.0.0.1:PORT: .* the connection.*\n){0,2}/
        #expect(server.error.masked.wholeMatch(of: output) != nil, "\(server.error)")
      } else {
        #expect(server.error.masked == error)
      }
      #expect(server.status == .exited(0))
      #expect(server.output == (service == .message ? "Here is the message: \n\n" : ""))
    }
  }

  @Test(
    "A client that sends 1 MB to the greeting service still receives all of the greeting", arguments: Engine.allCases,
    SocketKind.allCases)
  func unreadInput(engine: Engine, kind: SocketKind) async throws {
    let flood = Bytes([UInt8](repeating: 88, count: 1_000_000))
    try await withTemporaryFolder { folder in
      let greeting = Bytes.random(100_000)
      let file = try folder.file("greeting", greeting)
      let command = Command.server(engine, "-k", "--message-file", file, kind.endpoint(in: folder))
      let (answers, server) = try await command.serveAndStop { server in
        let raw = try await blocking {
          let client = try RawSocket(connectedTo: server.endpoint)
          // The server closes while the client still sends; that is EPIPE, and the greeting is already here.
          try client.sendUntilClosed(flood)
          return try client.receive()
        }
        var ours: [Outcome] = []
        for client in Engine.allCases {
          ours.append(try await Command.client(client, server.endpoint).run(input: flood))
        }
        return (raw: raw, ours: ours)
      }
      #expect(answers.raw == greeting)
      for client in answers.ours { #expect(client == Outcome(.exited(0), output: greeting)) }
      let listening = "listening \(kind.endpoint(in: folder))\n".masked
      #expect(server.masked == Outcome(.exited(0), error: listening))
    }
  }
}
