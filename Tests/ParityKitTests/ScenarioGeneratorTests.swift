import ParityKit
import Testing

/// A seed determines the generated scenarios, which are valid.
struct ScenarioGeneratorTests {
  /// The hash is FNV-1a. If the scenarios of a seed changed, the seeds that users have written down would be useless.
  @Test(
    "A seed always gives the same scenarios",
    arguments: [
      (Role.server, UInt64(6_405_300_732_297_613_823)), (.client, 1_131_163_880_329_566_766),
      (.filter, 3_020_336_320_007_401_821),
    ])
  func seeds(role: Role, wanted: UInt64) {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for number in 1...300 {
      for byte in Scenario.fuzzed(role, seed: 7, number: number).yaml.utf8 {
        hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
      }
    }
    #expect(hash == wanted)
  }

  @Test("A generated scenario that is printed and read again is equal", arguments: Role.allCases)
  func printing(role: Role) throws {
    for number in 1...1000 {
      let scenario = Scenario.fuzzed(role, seed: number, number: number)
      #expect(try Scenario(yaml: scenario.yaml) == scenario, "\(scenario.yaml)")
    }
  }

  @Test("Different seeds and numbers give different scenarios")
  func differentScenarios() {
    let steps = (0..<30).flatMap { seed in (1...30).map { Scenario.fuzzed(seed: seed, number: $0).steps } }
    #expect(Set(steps).count > 700)
  }

  @Test("Every kind of step is generated, with every option")
  func allSteps() {
    var lines: [Substring] = []
    for role in Role.allCases {
      for number in 1...1000 {
        lines += Scenario.fuzzed(role, seed: 1, number: number).yaml.split(separator: "\n")
      }
    }
    for wanted in [
      "- start", "- occupy", "- connect: a", "- connect: {peer: b, window: 1}", "- connect: {peer: c, reads: false}",
      "- listen", "- listen: {backlog: 1}", "- accept: a", "- accept: {peer: a, reads: false}", "- half-close: b",
      "- close: c", "- reset: a", "- receive: {peer: a, nothing: 0}", "- receive: {peer: a, until: end, within: 30}",
      "- receive: {peer: a, count: 4096, within: 30}", "- input: end", "- signal: TERM", "- signal: STOP",
      "- signal: CONT", "- settle", "- settle: 20", "- wait-for-exit: {within: 50}", "- repeat:",
    ] {
      #expect(lines.contains { $0.trimmed == wanted }, "no scenario has \(wanted)")
    }
    for part in ["split: every-byte", "split: [", "pause: 20", "urgent: true", "hex: \"00\"", "times: 65537"] {
      #expect(lines.contains { $0.contains(part) }, "no scenario has \(part)")
    }
  }

  @Test("Each scenario is in exactly one shard")
  func shards() throws {
    for count in [1, 2, 3, 16] {
      let shards = try (1...count).map { try #require(Shard("\($0)/\(count)")) }
      #expect(shards.flatMap { Array($0.numbers(of: 100)) }.sorted() == Array(1...100))
    }
    for none in ["", "1", "0/4", "5/4", "1/2/3", "a/b", "1/", "-1/2", "1/0"] {
      #expect(Shard(none) == nil, "\(none)")
    }
  }
}

extension Substring {
  fileprivate var trimmed: Substring { drop { $0 == " " } }
}
