// Fifty random clients at once, and 200 in the long rounds. They are slow or stall, send in pieces, half-close and reset.
internal import Crowd
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct CrowdTests {
    @Test("A crowd of clients is served", arguments: CrowdService.all, [Transport.ipv4, .ipv6, .unix])
    func crowd(_ service: CrowdService, _ transport: Transport) throws {
      try serveCrowd(service, transport)
    }

    @Test(
      "Two workers serve a crowd of clients", arguments: [CrowdService.message, .echo], [Transport.ipv4, .unix])
    func crowdWithWorkers(_ service: CrowdService, _ transport: Transport) throws {
      try serveCrowd(service, transport, workers: 2)
    }

    @Test("After a stop every accepted client is served to its end", arguments: zip(CrowdService.all, [1, 2, 1, 2, 1]))
    func stop(_ service: CrowdService, workers: Int) throws {
      try serveCrowd(service, .ipv4, workers: workers, stopsEarly: true)
    }

    /// Sends the same crowd to both engines, and compares the results.
    private func serveCrowd(_ service: CrowdService, _ transport: Transport, workers: Int = 1, stopsEarly: Bool = false)
      throws
    {
      var random = SplitMix64(seed: Seed.value)
      let scripts = ClientScript.random(LongRounds.count(200, otherwise: 50), for: service, using: &random)
      let results = try EngineName.allCases.map { which in
        try CrowdHarness(scripts, at: service, of: which).serve(transport, workers: workers, stopsEarly: stopsEarly)
      }
      let isSame = results[0] == results[1]  // `#expect` would compute all differences
      #expect(isSame, "c and swift differ, DIPTYCH_SEED=\(Seed.value)")
    }
  }
}

extension CrowdService {
  fileprivate static let all: [CrowdService] = [
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
