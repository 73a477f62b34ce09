internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  /// A conversation: each service, as both engines tell of it, with each engine's client.
  @Suite struct LinkSessionTests {
    @Test(arguments: LocalTransport.allCases, Exchange.allCases)
    func allPairingsAgree(_ transport: LocalTransport, _ exchange: Exchange) throws {
      let place = try transport.place()
      let endpoint = place.endpoint
      let outcomes = try LinkTests.pairs.map { try Self.pair($0, endpoint, exchange) }
      for (pair, outcome) in zip(LinkTests.pairs, outcomes) {
        #expect(outcome == outcomes[0], "\(pair.testDescription)")
      }
      #expect(outcomes[0].server == nil)
      #expect(outcomes[0].client?.bare == (exchange == .chargen ? Failure(.output, .brokenPipe) : nil))
      switch exchange {
      case .greeting, .echo: expectBytes(outcomes[0].written, Exchange.long)
      case .discard: #expect(outcomes[0].written == [])
      case .message:
        #expect(outcomes[0].written == Array("I got your message"))
        #expect(outcomes[0].printed == Array("Here is the message: a \\^[ line\n\n"))
      case .chargen: #expect(outcomes[0].written.count == 740_000)
      }
      #expect(place.present.isEmpty)
    }

    private static func pair(_ pair: LinkTests.Pair, _ endpoint: Endpoint, _ exchange: Exchange) throws -> Paired {
      var (written, failed) = ([UInt8](), Failure?.none)
      let served = try host(pair.server, exchange.service, at: endpoint) { _ in
        let run = try CarryRun(pair.client, to: endpoint)
        try run.start()
        let (input, output) = (run.inputNumber, run.outputNumber)
        let giving = try Worker { try Kernel.writeAll(input, exchange.input ?? []) }
        let reading = try Worker { try Kernel.readAll(output, atMost: exchange == .chargen ? 740_000 : .max) }
        try giving.value()
        if exchange == .echo || exchange == .discard { run.input = nil }
        written = try reading.value()
        run.output = nil
        failed = try run.wait().failure
      }
      return Paired(written: written, printed: served.printed, server: served.failure, client: failed)
    }

    /// The steps of a message, told alike.
    @Test(arguments: LocalTransport.allCases)
    func stepsAreToldAlike(_ transport: LocalTransport) throws {
      let place = try transport.place()
      let endpoint = place.endpoint
      let served = try same { which in
        try host(which, .message, at: endpoint) { _ in
          let answer = try Worker { try which.engine.ask(endpoint, Array("hello\n")) }.value()
          #expect(answer == Array("I got your message"))
        }
      }
      #expect(served.printed == Array("Here is the message: hello\n\n"))
      #expect(served.events.map { $0.step } == [.accept, .receive, .output, .send, .close])
      #expect(served.events.map { $0.count } == [0, 6, 28, 18, 0])
    }
  }
}
