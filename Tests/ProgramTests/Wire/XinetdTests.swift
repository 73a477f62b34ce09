import Testing

/// Our echo, discard and chargen compared with those of xinetd, byte for byte.
@Suite(.serialized, .limitedConcurrency, .repeatable())
struct XinetdTests {
  static let services = ["echo", "discard", "chargen"]

  @Test("xinetd and our servers send the same bytes to a raw client")
  func bytes() async throws {
    let data = Bytes.random(100_000)
    try await withXinetd { ports in
      var theirs: [String: Bytes] = [:]
      for service in Self.services {
        theirs[service] = try await Self.answer(to: data, of: service, at: "tcp:127.0.0.1:\(ports[service]!)")
      }
      #expect(theirs["echo"] == data)
      #expect(theirs["discard"] == "")
      for engine in Engine.allCases {
        for service in Self.services {
          let (ours, server) = try await Command.server(engine, "--service", service, "0").serve { server in
            try await Self.answer(to: data, of: service, at: server.endpoint)
          }
          #expect(server.masked == Outcome(.exited(0), error: "listening tcp:127.0.0.1:PORT\n"), "\(engine)-server")
          if service == "chargen" {
            try Self.compare(ours, theirs[service]!, "\(engine)-server")
          } else {
            #expect(ours == theirs[service], "\(engine)-server, \(service)")
          }
        }
      }
    }
  }

  /// xinetd starts with the second line of RFC 864, and omits two of the 95 characters, space and tilde. So 22 lines are
  /// the same; the next one would have a tilde, and must differ.
  private static func compare(_ ours: Bytes, _ theirs: Bytes, _ program: String) throws {
    let (line, same) = (74, 22 * 74)
    #expect(Bytes(ours.array.dropFirst(line).prefix(same)) == Bytes(theirs.array.prefix(same)), "\(program)")
    #expect(ours.array.dropFirst(line + same).prefix(line) != theirs.array.dropFirst(same).prefix(line), "\(program)")
    #expect(!theirs.array.contains(UInt8(ascii: "~")) && !theirs.array.contains(UInt8(ascii: " ")))
  }

  private static func answer(to data: Bytes, of service: String, at endpoint: String) async throws -> Bytes {
    try await blocking {
      let client = try RawSocket(connectedTo: endpoint)
      if service == "chargen" { return try client.receive(10_000) }
      try client.send(data)
      try client.halfClose()
      return try client.receive()
    }
  }

  @Test("Our clients print what the services of xinetd send", arguments: Engine.allCases)
  func clients(engine: Engine) async throws {
    let data = Bytes.random(100_000)
    try await withXinetd { ports in
      let echo = try await Command.client(engine, "127.0.0.1", "\(ports["echo"]!)").run(input: data)
      #expect(echo == Outcome(.exited(0), output: data))
      let discard = try await Command.client(engine, "127.0.0.1", "\(ports["discard"]!)").run(input: data)
      #expect(discard == Outcome(.exited(0)))
      let chargen = Command.client(engine, "127.0.0.1", "\(ports["chargen"]!)").reading(.open).writing(.first(22 * 74))
      let outcome = try await chargen.run { client in _ = try await client.ends(within: 20_000) }.outcome
      let error = "Error : fputs error: standard output: Broken pipe\n"
      #expect(outcome == Outcome(.exited(1), output: .chargen(22 * 74, fromLine: 1), error: error))
    }
  }

  /// Runs the body while xinetd serves on free ports.
  private func withXinetd(_ body: @escaping @Sendable ([String: UInt16]) async throws -> Void) async throws {
    let attributes = Self.services.map { ($0, ["type = INTERNAL UNLISTED", "id = \($0)-diptych", "wait = no"]) }
    try await ProgramTests.withXinetd(Dictionary(uniqueKeysWithValues: attributes), body)
  }
}
