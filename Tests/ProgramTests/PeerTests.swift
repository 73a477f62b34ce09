import Testing

/// Clients that leave, reset, or send what nobody asked for: none harms a server, or the client after it.
@Suite(.fewAtATime, .repeatable())
struct PeerTests {
  @Test("A client that is gone before it is served", arguments: Service.allCases, Place.twoKinds)
  func gone(service: Service, place: Place) async throws {
    for departure in Departure.allCases {
      for engine in Engine.allCases {
        try await withFolder { folder in
          let command = Command.server(engine, "--service", "\(service)", place.endpoint(in: folder))
          let server = try await command.serve { server in
            try await blocking {
              try server.process.pause()
              try departure.depart(from: server.endpoint)
              server.process.send(.go)
            }
          }.outcome
          let endpoint = place.endpoint(in: folder).masked
          let error = departure.error(of: service, at: endpoint)
          let expected = Outcome(
            .exited(error == nil ? 0 : 1), output: departure.printed(by: service, at: endpoint),
            error: "listening \(endpoint)\n\(error ?? "")")
          #expect(server.masked == expected, "\(engine)-server, a client that \(departure)")
        }
      }
    }
  }

  @Test("A server that stays tells of each, and serves the next", arguments: Service.allCases, Place.twoKinds)
  func next(service: Service, place: Place) async throws {
    for engine in Engine.allCases {
      try await withFolder { folder in
        let command = Command.server(engine, "-k", "--service", "\(service)", place.endpoint(in: folder))
        let (answer, server) = try await command.serveAndStop { server in
          try await blocking {
            try server.process.pause()
            for departure in Departure.allCases { try departure.depart(from: server.endpoint) }
            server.process.send(.go)
            let client = try Socket(connectedTo: server.endpoint)
            if service != .greeting { try client.send("well\n") }
            if service != .message { try client.finish() }
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
        let endpoint = place.endpoint(in: folder).masked
        let errors = Departure.allCases.compactMap { $0.error(of: service, at: endpoint) }.joined()
        let before = Departure.allCases.map { $0.printed(by: service, at: endpoint) }.reduce("", +)
        // All are here at once: whose message has its end first is printed first.
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

  @Test("A client that resets amid data", arguments: Service.allCases, Engine.allCases)
  func amid(service: Service, engine: Engine) async throws {
    try await withFolder { folder in
      let large = try folder.file("large", Bytes([UInt8](repeating: 65, count: 1_048_576)))
      var command = Command.server(engine, "-k", "--service", "\(service)", "tcp:127.0.0.1:0")
      if service == .greeting { command.arguments += ["--message-file", large].map { Array($0.utf8) } }
      let (answer, server) = try await command.serveAndStop { server in
        try await blocking {
          let rough = try Socket(connectedTo: server.endpoint)
          if service != .greeting && service != .chargen { try rough.send("abc") }
          if service == .greeting || service == .chargen { _ = try rough.receive(1_000) }
          if service == .echo { _ = try rough.receive(3) }
          try rough.reset()
          let next = try Socket(connectedTo: server.endpoint)
          try next.send("\n")
          try next.finish()
          return try next.receive(10)
        }
      }
      let (expected, step): (Bytes, String) =
        switch service {
        case .greeting: ("AAAAAAAAAA", "Write")
        case .message: ("I got your", "Read")
        case .echo: ("\n", "Read")
        case .discard: ("", "Read")
        case .chargen: (.chargen(10), "")
        }
      #expect(answer == expected)
      var error = "listening tcp:127.0.0.1:PORT\n"
      if service != .chargen { error += "Error : \(step) error: tcp:127.0.0.1:PORT: Connection reset by peer\n" }
      if service == .greeting {
        // Both clients leave amid it, or after all of it went into the kernel's buffers.
        let said = /listening tcp:127.0.0.1:PORT\n(Error : (Read|Write) error: tcp:127.0.0.1:PORT: .*\n){0,2}/
        #expect(server.error.masked.wholeMatch(of: said) != nil, "\(server.error)")
      } else {
        #expect(server.error.masked == error)
      }
      #expect(server.status == .exited(0))
      #expect(server.output == (service == .message ? "Here is the message: \n\n" : ""))
    }
  }

  @Test("Who sends 1 MB at a greeting gets all of it, and a clean end", arguments: Engine.allCases, Place.allCases)
  func flood(engine: Engine, place: Place) async throws {
    let flood = Bytes([UInt8](repeating: 88, count: 1_000_000))
    try await withFolder { folder in
      let greeting = Bytes.random(100_000)
      let file = try folder.file("greeting", greeting)
      let command = Command.server(engine, "-k", "--message-file", file, place.endpoint(in: folder))
      let (answers, server) = try await command.serveAndStop { server in
        let raw = try await blocking {
          let client = try Socket(connectedTo: server.endpoint)
          // Once the server has closed it takes no more: that is EPIPE, and the greeting is there.
          try client.offer(flood)
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
      let listening = "listening \(place.endpoint(in: folder))\n".masked
      #expect(server.masked == Outcome(.exited(0), error: listening))
    }
  }
}
