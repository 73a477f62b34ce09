// Each engine's server with each engine's client.
internal import IPC
internal import SystemPackage
internal import Testing

/// What a service is asked, and what its client writes.
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

  /// nil is no input, and no end of it either.
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

/// How both ends see one exchange.
struct Paired: Equatable {
  let written: [UInt8]
  let printed: [UInt8]
  let server: Failure?
  let client: Failure?
}

extension Engines {
  @Suite struct CrossEngineTests {
    @Test(arguments: Transport.allCases, Exchange.allCases)
    func allPairingsAgree(_ transport: Transport, _ exchange: Exchange) throws {
      let pairs = Which.allCases.flatMap { server in Which.allCases.map { (server: server, client: $0) } }
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
      case .chargen: #expect(outcome.written.count == Self.enough)
      }
      #expect(outcome.client?.bare == (exchange == .chargen ? Failure(.output, .brokenPipe) : nil))
    }

    /// Of what never ends.
    private static let enough = 740_000

    private static func pair(
      _ server: Which, _ client: Which, _ transport: Transport, _ exchange: Exchange
    ) throws -> Paired {
      let place = try transport.place()
      var (written, failed) = ([UInt8](), Failure?.none)
      let served = try serve(server, exchange.service, at: place.endpoint) { server in
        let run = try RelayRun(client, to: server.endpoint)
        try run.start()
        let (input, output) = (run.inputNumber, run.outputNumber)
        let giving = try Worker { try Kernel.writeAll(input, exchange.input ?? []) }
        let reading = try Worker {
          try Kernel.readAll(output, atMost: exchange == .chargen ? enough : .max)
        }
        try giving.value()
        // Where the server ends by itself, the input's end is left to come.
        if exchange == .echo || exchange == .discard { run.input = nil }
        written = try reading.value()
        run.output = nil
        failed = try run.wait().failure
      }
      return Paired(written: written, printed: served.printed, server: served.failure, client: failed)
    }
  }
}
