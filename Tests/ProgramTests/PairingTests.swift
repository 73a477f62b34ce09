import Testing

/// What a client and a server say to each other, and what both are then to have printed.
struct Talk: CustomTestStringConvertible, Sendable {
  let service: Service
  var input = Command.Input.bytes("")
  var output = Command.Output.all
  var printed: Bytes = ""
  var clientOutcome: Outcome

  var testDescription: String { "\(service)" }
}

@Suite(.fewAtATime, .repeatable())
struct PairingTests {
  static let data = Bytes.random(300_000)

  static let talks = [
    Talk(service: .greeting, clientOutcome: Outcome(.exited(0), output: "Server Message")),
    Talk(
      service: .message, input: .bytes("hello, world\n"), printed: "Here is the message: hello, world\n\n",
      clientOutcome: Outcome(.exited(0), output: "I got your message")),
    Talk(service: .echo, input: .bytes(data), clientOutcome: Outcome(.exited(0), output: data)),
    Talk(service: .discard, input: .bytes(data), clientOutcome: Outcome(.exited(0))),
    Talk(
      service: .chargen, input: .open, output: .first(20_000),
      clientOutcome: Outcome(
        .exited(1), output: .chargen(20_000), error: "Error : fputs error: standard output: Broken pipe\n")),
  ]

  @Test("Each pairing prints what is expected, and so the same", arguments: talks, Place.allCases)
  func pairing(talk: Talk, place: Place) async throws {
    try await withFolder { folder in
      for pairing in Pairing.all {
        let command = Command.server(pairing.server, "--service", "\(talk.service)", place.endpoint(in: folder))
        let (client, server) = try await command.serve { server in
          try await Command.client(pairing.client, server.endpoint).reading(talk.input).writing(talk.output)
            .run { client in _ = try await client.ends(within: 20_000) }.outcome
        }
        #expect(client == talk.clientOutcome, "the client of \(pairing)")
        let listening = "listening \(place.endpoint(in: folder))\n".masked
        #expect(
          server.masked == Outcome(.exited(0), output: talk.printed, error: listening), "the server of \(pairing)")
      }
    }
  }

  @Test("A client that is killed amid chargen ends the server", arguments: Place.allCases)
  func killed(place: Place) async throws {
    try await withFolder { folder in
      for pairing in Pairing.all {
        let command = Command.server(pairing.server, "--service", "chargen", place.endpoint(in: folder))
        let (client, server) = try await command.serve { server in
          try await Command.client(pairing.client, server.endpoint).reading(.open).writing(.held(100_000)).run {
            client in
            #expect(await client.output.wait(for: 100_000), "the client of \(pairing)")
            client.send(.terminate)
          }.outcome
        }
        #expect(client == Outcome(.killed(by: 15), output: .chargen(100_000)), "the client of \(pairing)")
        let listening = "listening \(place.endpoint(in: folder))\n".masked
        #expect(server.masked == Outcome(.exited(0), error: listening), "the server of \(pairing)")
      }
    }
  }
}
