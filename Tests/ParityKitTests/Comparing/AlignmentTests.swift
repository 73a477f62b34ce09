import Testing

@testable import ParityKit

/// How runs are aligned, and what one scenario says about another.
struct AlignmentTests {
  @Test("Runs of any length are aligned with a run that has nothing, without a table", .timeLimit(.minutes(1)))
  func emptyRun() {
    // A table of two of them has 400 million entries.
    let bulk = { (seed: Int) -> [Observation.Fragment] in
      var random = SeededRandom(seed: seed, number: 0)
      return [.bytes((0..<20_000).map { _ in UInt8(33 + random.below(5)) })]
    }
    let alignment = Alignment([bulk(1), bulk(2), [.bytes([])], bulk(3)])
    #expect(alignment.parts.count == 1)
  }

  @Test("Megabytes that one side loses, from another byte on in each run, are a difference") func lostEnd() {
    let line = "The quick brown fox jumps over\n"
    let whole = Array(String(repeating: line, count: 60_000).utf8)
    let ends = [whole.count, 1_000_003, 600_010, 600_017].map { [Observation.Fragment.bytes(Array(whole[..<$0]))] }
    let model = NoiseModel(left: [ends[0], ends[0], ends[0]], right: Array(ends[1...]))
    #expect(model.unjudged == nil && model.places.contains { $0.gap.kind == .difference })
  }

  @Test("Lines of many processes in any order are the same on both sides") func anyOrder() {
    for seed in 1...10 {
      let model = NoiseModelTests.judge({ random, _ in lines(&random) }, { random, _ in lines(&random) }, seed: seed)
      let kinds = model.places.map(\.gap.kind)
      #expect(!kinds.contains(.difference) && !kinds.isEmpty, "seed \(seed)")
    }
    /// Twelve processes print three lines each, in their order.
    @Sendable func lines(_ random: inout SeededRandom) -> String {
      var (waiting, text) = (Array(repeating: ["exit before auth", "child connection", "bye now"], count: 12), "")
      while !waiting.isEmpty {
        let process = random.below(min(3, waiting.count))
        text += "[\(random.within(1000...9999))] \(waiting[process].removeFirst())\n"
        if waiting[process].isEmpty { waiting.remove(at: process) }
      }
      return text
    }
  }

  @Test("A difference that further runs explain as noise says nothing about another scenario") func noise() {
    var (first, second) = (Transcript(), Transcript())
    (first.error, second.error) = (Array("at 12:00:01\n".utf8), Array("at 12:00:02\n".utf8))
    let scenario = Scenario("a", role: .server, steps: [.start])
    let early = ScenarioResult(scenario, [.output], [first, first], [second, second], [])
    let keys = early.unsettled(inCalls: false)
    #expect(!keys.isEmpty && early.confirmed(of: keys) == keys)
    let later = ScenarioResult(scenario, [.output], [first, second, first], [second, first, second], [])
    #expect(later.verdict == .same && later.confirmed(of: keys).isDisjoint(with: keys))
  }
}
