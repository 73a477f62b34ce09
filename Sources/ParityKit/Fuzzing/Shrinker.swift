/// Looks for a smaller scenario that shows the same kind of difference. A step of the search takes the first of the
/// simpler forms that still differs, in a fixed order, so that the same comes out however many are tried at a time.
struct Shrinker {
  /// Which difference must stay: that of a channel, of one kind.
  struct Sign: Hashable {
    let channel: Channel
    let word: String

    /// Nil where the judgement has no difference that is worth a search.
    init?(_ judgement: ScenarioResult) {
      let cell = judgement.cells.first {
        switch $0.finding {
        case .different, .hung: true
        case .same, .unstable, .known, .notJudged, .measured: false
        }
      }
      guard let cell else { return nil }
      (channel, word) = (cell.channel, cell.finding.word)
    }

    func stands(in judgement: ScenarioResult) -> Bool {
      judgement.cells.contains { $0.channel == channel && $0.finding.word == word }
    }
  }

  /// How many are tried at a time.
  let width: Int
  private(set) var trials = 0
  private(set) var scenario: Scenario

  init(_ scenario: Scenario, width: Int) { (self.scenario, self.width) = (scenario, max(1, width)) }

  /// Searches until nothing simpler differs, or there were enough trials.
  mutating func run(
    progress: (Shrinker) -> Void = { _ in }, differs: @escaping @Sendable (Scenario) async -> Bool
  ) async {
    var hasShrunk = true
    while hasShrunk, trials < Limits.shrinkTrials {
      hasShrunk = false
      for simplify in ShrinkPasses.passes {
        // From where the last success was: what was in vain before it need not be tried again in this pass.
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
      // As if they had been tried one after the other.
      trials += (found.map { $0 + 1 } ?? batch.upperBound) - next
      progress(self)
      if let found { return (found, candidates[found]) }
      next = batch.upperBound
    }
    return nil
  }
}

extension Scenario {
  /// The smallest scenario that is found for which the condition still holds, of this one's kind. So many at a time are
  /// tried; what is found does not depend on it.
  public func shrunk(
    trying width: Int = 1, while holds: @escaping @Sendable (Scenario) async -> Bool
  ) async -> Scenario {
    var search = Shrinker(self, width: width)
    await search.run(differs: holds)
    return search.scenario
  }
}
