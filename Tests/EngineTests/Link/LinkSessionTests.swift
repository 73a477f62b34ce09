internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  /// One conversation over a link, for each service and each pair of engines.
  @Suite struct LinkSessionTests {
    @Test(
      "Each engine's server and each engine's client have the same conversation", arguments: LinkKind.allCases,
      Exchange.allCases)
    func allPairs(_ kind: LinkKind, _ exchange: Exchange) throws {
      let target = try kind.makeEndpoint()
      let endpoint = target.endpoint
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
      case .chargen: #expect(outcomes[0].written.count == Self.patternBytes)
      }
      #expect(target.present.isEmpty)
    }

    /// How many bytes of the endless pattern the client's output takes.
    private static let patternBytes = 740_000

    private static func pair(_ pair: LinkTests.Pair, _ endpoint: Endpoint, _ exchange: Exchange) throws -> PairOutcome {
      var (written, failed) = ([UInt8](), Failure?.none)
      let served = try serveLink(pair.server, exchange.service, at: endpoint) { _ in
        let run = try LinkRelayHarness(pair.client, to: endpoint)
        try run.start()
        let (input, output) = (run.inputNumber, run.outputNumber)
        let writer = try TestThread { try TestSystem.writeAll(input, exchange.input ?? []) }
        let reader = try TestThread {
          try TestSystem.readAll(output, atMost: exchange == .chargen ? Self.patternBytes : .max)
        }
        try writer.value()
        if exchange == .echo || exchange == .discard { run.input = nil }
        written = try reader.value()
        run.output = nil
        failed = try run.wait().failure
      }
      return PairOutcome(written: written, printed: served.printed, server: served.failure, client: failed)
    }

    @Test("Both engines report the same steps of a message", arguments: LinkKind.allCases)
    func events(_ kind: LinkKind) throws {
      let target = try kind.makeEndpoint()
      let endpoint = target.endpoint
      let served = try fromBoth { which in
        try serveLink(which, .message, at: endpoint) { _ in
          let answer = try TestThread { try which.engine.request(endpoint, Array("hello\n")) }.value()
          #expect(answer == Array("I got your message"))
        }
      }
      #expect(served.printed == Array("Here is the message: hello\n\n"))
      #expect(served.events.map { $0.step } == [.accept, .receive, .output, .send, .close])
      #expect(served.events.map { $0.count } == [0, 6, 28, 18, 0])
    }

    @Test(
      "A client of a link whose message waits for the output is not idle",
      arguments: EngineName.allCases, LinkKind.allCases)
    func idleTime(_ which: EngineName, _ kind: LinkKind) throws {
      let target = try kind.makeEndpoint()
      let pipe = try FullPipe()
      let endpoint = target.endpoint
      let options = ServeOptions(limits: ClientLimits(idle: .milliseconds(100)))
      let served = try serveLink(which, .message, at: endpoint, options: options, output: try pipe.output()) { server in
        let client = try TestThread { try which.engine.request(endpoint, Array("x\n")) }
        #expect(try !server.hasEnded(within: 400))
        try pipe.makeRoom()
        #expect(try client.value() == Array("I got your message"))
      }
      #expect(served.failure == nil)
      let limited = ServeOptions(limits: ClientLimits(time: .milliseconds(100)))
      let full = try FullPipe()
      let ended = try serveLink(which, .message, at: endpoint, options: limited, output: try full.output()) { server in
        let client = try TestThread { try? which.engine.request(endpoint, Array("x\n")) }
        #expect(try server.hasEnded(within: CInt(timeoutSeconds) * 1000))
        _ = try client.value()
      }
      #expect(ended.failure?.bare == Failure(.timeLimit, .timedOut), "the time limit still runs")
    }
  }
}
