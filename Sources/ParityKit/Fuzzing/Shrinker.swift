/// Searches for a smaller scenario with the same kind of difference. Each step accepts the first simpler form, in a
/// fixed order, that still differs, so the result does not depend on the number of parallel trials.
struct Shrinker {
  /// The difference that must remain: its channel and kind.
  struct Signature: Hashable {
    let channel: Channel
    let word: String

    /// Nil if the result has no difference that is worth a search.
    init?(_ result: ScenarioResult) {
      let cell = result.cells.first {
        switch $0.finding {
        case .different, .hung: true
        case .same, .varies, .partly, .noted, .known, .notJudged, .measured: false
        }
      }
      guard let cell else { return nil }
      (channel, word) = (cell.channel, cell.finding.word)
    }

    func matches(_ result: ScenarioResult) -> Bool {
      result.cells.contains { $0.channel == channel && $0.finding.word == word }
    }
  }

  /// The number of parallel trials.
  let width: Int
  private(set) var trials = 0
  private(set) var scenario: Scenario

  init(_ scenario: Scenario, width: Int) { (self.scenario, self.width) = (scenario, max(1, width)) }

  /// Searches until no simpler form differs, or the trials are used up.
  mutating func run(
    progress: (Shrinker) -> Void = { _ in }, differs: @escaping @Sendable (Scenario) async -> Bool
  ) async {
    var hasShrunk = true
    while hasShrunk, trials < Limits.shrinkTrials {
      hasShrunk = false
      for simplify in ShrinkPasses.passes {
        // Continues after the last success: earlier forms have failed in this pass.
        var from = 0
        while trials < Limits.shrinkTrials {
          let candidates = simplify(scenario.steps).dropFirst(from)
          guard let found = await first(of: Array(candidates), differs, progress) else { break }
          scenario.steps = found.steps
          from += found.index
          hasShrunk = true
        }
      }
    }
  }

  private mutating func first(
    of candidates: [[Step]], _ differs: @escaping @Sendable (Scenario) async -> Bool, _ progress: (Shrinker) -> Void
  ) async -> (index: Int, steps: [Step])? {
    var next = 0
    while next < candidates.count, trials < Limits.shrinkTrials {
      let batch = next..<min(next + width, candidates.count, next + Limits.shrinkTrials - trials)
      let found = await withTaskGroup(of: Int?.self) { group in
        for index in batch {
          var candidate = scenario
          candidate.steps = candidates[index]
          group.addTask { [candidate] in await differs(candidate) ? index : nil }
        }
        var least: Int?
        for await index in group.compactMap(\.self) { least = min(least ?? index, index) }
        return least
      }
      // As if the trials had run one after the other.
      trials += (found.map { $0 + 1 } ?? batch.upperBound) - next
      progress(self)
      if let found { return (found, candidates[found]) }
      next = batch.upperBound
    }
    return nil
  }
}

extension Scenario {
  /// The smallest scenario found for which the condition still holds. The result does not depend on the number of
  /// parallel trials.
  public func shrunk(
    trying width: Int = 1, while holds: @escaping @Sendable (Scenario) async -> Bool
  ) async -> Scenario {
    var search = Shrinker(self, width: width)
    await search.run(differs: holds)
    return search.scenario
  }
}
