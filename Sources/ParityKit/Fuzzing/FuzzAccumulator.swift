/// Collects the results of a fuzz run.
struct FuzzAccumulator {
  private let fuzz: Fuzz
  private let start: ContinuousClock.Instant
  private var fuzzed: FuzzSummary
  private var judgements: [ScenarioResult] = []
  private var masks: Set<Mask.Key> = []
  /// The number of differing scenarios.
  private(set) var failures = 0

  init(_ fuzz: Fuzz, start: ContinuousClock.Instant) {
    (self.fuzz, self.start) = (fuzz, start)
    fuzzed = FuzzSummary(seed: fuzz.seed, runs: fuzz.runs, shards: [fuzz.shard])
  }

  var wanted: Int { fuzzed.wanted }

  var report: Report {
    let comparison = fuzz.comparison
    return Report(
      left: comparison.left, right: comparison.right, channels: comparison.channels, judgements: judgements, stale: [],
      time: ContinuousClock().now - start, fuzzed: fuzzed)
  }

  mutating func add(
    _ seen: Fuzz.Seen, _ number: Int, _ pool: BlockingPool, _ progress: @escaping @Sendable (Fuzz.Progress) -> Void
  ) async throws(InputError) {
    fuzzed.played += 1
    switch seen {
    case .same(let judgement), .seldom(let judgement):
      if case .seldom = seen { fuzzed.seldom.append(number) }
      note(judgement)
      // Only the first mask of each kind of noise is shown.
      let keys = judgement.masks.map(\.key)
      if !masks.isSuperset(of: keys) { keep(judgement, number) }
      masks.formUnion(keys)
    case .parted(let judgement):
      failures += 1
      note(judgement)
      var smallest = judgement
      if let sign = Shrinker.Sign(judgement) { smallest = await shrink(judgement, sign, number, pool, progress) }
      try write(&smallest, number, of: judgement.scenario)
      keep(smallest, number)
    }
  }

  private mutating func note(_ judgement: ScenarioResult) {
    for cell in judgement.cells where cell.finding.isJudged { fuzzed.compared.insert(cell.channel) }
  }

  private mutating func keep(_ judgement: ScenarioResult, _ number: Int) {
    var judgement = judgement
    judgement.number = number
    judgements.append(judgement)
  }

  // MARK: A smaller one

  private func shrink(
    _ judgement: ScenarioResult, _ sign: Shrinker.Sign, _ number: Int, _ pool: BlockingPool,
    _ progress: @escaping @Sendable (Fuzz.Progress) -> Void
  ) async -> ScenarioResult {
    let comparison = fuzz.comparison
    var quick = comparison
    quick.timeout = min(comparison.timeout, Limits.shrinkTimeout)
    var search = Shrinker(judgement.scenario, width: comparison.jobs / 2)
    let (report, wanted) = (report, wanted)
    await search.run { search in
      let steps = search.scenario.steps.count
      progress(Fuzz.Progress(report: report, wanted: wanted, shrinking: (number, search.trials, steps)))
    } differs: { [quick] candidate in
      for _ in 0..<Limits.shrinkRepetitions {
        guard sign.stands(in: await quick.look(candidate, pool)) else { return false }
      }
      return true
    }
    // Noise may have misled the search: then the original scenario stays.
    let smallest = await comparison.judge(search.scenario, pool, ConfirmedDifferences())
    return sign.stands(in: smallest) ? smallest : judgement
  }

  /// Writes the scenario to a file that can be replayed on its own.
  private func write(_ judgement: inout ScenarioResult, _ number: Int, of original: Scenario) throws(InputError) {
    let comparison = fuzz.comparison
    let (count, all) = (judgement.scenario.steps.count, original.steps.count)
    judgement.scenario.about =
      "Scenario \(number) of seed \(fuzz.seed)" + (count < all ? ", shrunk from \(all) steps to \(count)." : ".")
    judgement.scenario.replay = ReplayRecipe(
      comparison.left, comparison.right, channels: comparison.channels,
      timeout: Int(comparison.timeout / .milliseconds(1)), seed: fuzz.seed, run: number)
    guard let folder = fuzz.folder else { return }
    let file = "\(judgement.scenario.name).yaml"
    let path = folder == "." ? file : "\(folder)/\(file)"
    try Terminal.write(judgement.scenario.yaml, to: path)
    judgement.replay = commandLine(["parity", "replay", path] + fuzz.options)
  }
}
