// Two hundred clients at once, by chance: slow, stalled, in pieces, half-closed, reset.
internal import Crowd
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct CrowdTests {
    @Test(arguments: Trade.all, [Transport.ipv4, .ipv6, .unix])
    func aCrowdIsServed(_ trade: Trade, _ transport: Transport) throws {
      try gather(trade, transport)
    }

    @Test(arguments: [Trade.message, .echo], [Transport.ipv4, .unix])
    func aCrowdIsServedByACrew(_ trade: Trade, _ transport: Transport) throws {
      try gather(trade, transport, workers: 2)
    }

    /// Nothing half-sent is cut: who has been accepted before the stop is served to the end.
    @Test(arguments: zip(Trade.all, [1, 2, 1, 2, 1]))
    func aStopCutsNothing(_ trade: Trade, workers: Int) throws {
      try gather(trade, .ipv4, workers: workers, stopsEarly: true)
    }

    /// The same crowd at both engines.
    private func gather(_ trade: Trade, _ transport: Transport, workers: Int = 1, stopsEarly: Bool = false) throws {
      var random = SplitMix64(seed: Seed.value)
      let scripts = Script.draw(200, for: trade, using: &random)
      let (c, swift) = (Gathering(of: scripts, for: trade, .c), Gathering(of: scripts, for: trade, .swift))
      let settled = try [c, swift].map { try $0.serve(transport, workers: workers, stopsEarly: stopsEarly) }
      let isSame = settled[0] == settled[1]  // of unequal ones `#expect` would look for all differences
      #expect(isSame, "c and swift differ, DIPTYCH_SEED=\(Seed.value)")
    }
  }
}

extension Trade {
  fileprivate static let all: [Trade] = [
    .greeting((0..<150_000).map { UInt8(truncatingIfNeeded: $0 / 251 ^ $0) }), .message, .echo, .discard, .chargen,
  ]

  var service: Service {
    switch self {
    case .greeting(let text): .greeting(text)
    case .message: .message
    case .echo: .echo
    case .discard: .discard
    case .chargen: .chargen
    }
  }
}
