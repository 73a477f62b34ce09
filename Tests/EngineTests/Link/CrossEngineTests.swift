// Conversations between each engine's server and each engine's client.
internal import IPC
internal import SystemPackage
internal import Testing

/// A service, and the input of its client.
enum Exchange: String, CaseIterable, Sendable {
  case greeting, message, echo, discard, chargen

  var service: Service {
    switch self {
    case .greeting: .greeting(Self.long)
    case .message: .message
    case .echo: .echo
    case .discard: .discard
    case .chargen: .chargen
    }
  }

  /// nil is an input that stays open without any bytes.
  var input: [UInt8]? {
    switch self {
    case .greeting: nil
    case .message: Array("a \u{1B} line\nand more")
    case .echo, .discard: Self.long
    case .chargen: []
    }
  }

  static let long = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 / 11) }
}

/// The outcome of one exchange at both ends.
struct PairOutcome: Equatable {
  let written: [UInt8]
  let printed: [UInt8]
  let server: Failure?
  let client: Failure?
}

extension Engines {
  @Suite struct CrossEngineTests {
    @Test(
      "Each engine's server and each engine's client have the same conversation", arguments: Transport.allCases,
      Exchange.allCases)
    func allPairs(_ transport: Transport, _ exchange: Exchange) throws {
      let pairs = EngineName.allCases.flatMap { server in EngineName.allCases.map { (server: server, client: $0) } }
      let outcomes = try pairs.map { try Self.pair($0.server, $0.client, transport, exchange) }
      for (pair, outcome) in zip(pairs, outcomes) {
        #expect(outcome == outcomes[0], "\(pair.server)-server with \(pair.client)-client")
      }
      let outcome = outcomes[0]
      #expect(outcome.server == nil)
      switch exchange {
      case .greeting, .echo: expectBytes(outcome.written, Exchange.long)
      case .discard: #expect(outcome.written == [])
      case .message:
        #expect(outcome.written == Array("I got your message"))
        #expect(outcome.printed == Array("Here is the message: a \\^[ line\n\n"))
      case .chargen: #expect(outcome.written.count == Self.patternBytes)
      }
      #expect(outcome.client?.bare == (exchange == .chargen ? Failure(.output, .brokenPipe) : nil))
    }

    /// How many bytes of the endless pattern the client's output takes.
    private static let patternBytes = 740_000

    private static func pair(
      _ server: EngineName, _ client: EngineName, _ transport: Transport, _ exchange: Exchange
    ) throws -> PairOutcome {
      let target = try transport.makeEndpoint()
      var (written, failed) = ([UInt8](), Failure?.none)
      let served = try serve(server, exchange.service, at: target.endpoint) { server in
        let run = try RelayHarness(client, to: server.endpoint)
        try run.start()
        let (input, output) = (run.inputNumber, run.outputNumber)
        let writer = try TestThread { try TestSystem.writeAll(input, exchange.input ?? []) }
        let reader = try TestThread {
          try TestSystem.readAll(output, atMost: exchange == .chargen ? patternBytes : .max)
        }
        try writer.value()
        // The other services end by themselves.
        if exchange == .echo || exchange == .discard { run.input = nil }
        written = try reader.value()
        run.output = nil
        failed = try run.wait().failure
      }
      return PairOutcome(written: written, printed: served.printed, server: served.failure, client: failed)
    }
  }
}
