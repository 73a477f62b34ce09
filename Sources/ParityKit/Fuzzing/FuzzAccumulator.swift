/// Collects the results of a fuzz run.
struct FuzzAccumulator {
  private let fuzz: Fuzz
  private let start: ContinuousClock.Instant
  private var fuzzed: FuzzSummary
  private var results: [ScenarioResult] = []
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
      left: comparison.left, right: comparison.right, channels: comparison.channels, results: results, stale: [],
      time: ContinuousClock().now - start, fuzzed: fuzzed)
  }

  mutating func add(
    _ result: ScenarioResult, _ number: Int, _ pool: BlockingPool,
    _ progress: @escaping @Sendable (Fuzz.Progress) -> Void
  ) async throws(InputError) {
    fuzzed.played += 1
    note(result)
    switch result.verdict {
    case .same:
      // Only the first mask of each kind of noise is shown.
      let keys = result.masks.map(\.key)
      if !masks.isSuperset(of: keys) { keep(result, number) }
      masks.formUnion(keys)
    case .varies:
      // What appears seldom can't be shrunk.
      var result = result
      try write(&result, number, of: result.scenario)
      keep(result, number)
    case .different, .notJudged:
      failures += 1
      var smallest = result
      if let signature = Shrinker.Signature(result) {
        smallest = await shrink(result, signature, number, pool, progress)
      }
      try write(&smallest, number, of: result.scenario)
      keep(smallest, number)
    }
  }

  private mutating func note(_ result: ScenarioResult) {
    for cell in result.cells where cell.finding.isJudged { fuzzed.compared.insert(cell.channel) }
  }

  private mutating func keep(_ result: ScenarioResult, _ number: Int) {
    var result = result
    result.number = number
    results.append(result)
  }

  // MARK: A smaller one

  private func shrink(
    _ result: ScenarioResult, _ signature: Shrinker.Signature, _ number: Int, _ pool: BlockingPool,
    _ progress: @escaping @Sendable (Fuzz.Progress) -> Void
  ) async -> ScenarioResult {
    let comparison = fuzz.comparison
    var quick = comparison
    quick.timeout = min(comparison.timeout, Limits.shrinkTimeout)
    var search = Shrinker(result.scenario, width: comparison.jobs / 2)
    let (report, wanted) = (report, wanted)
    await search.run { search in
      let steps = search.scenario.steps.count
      progress(Fuzz.Progress(report: report, wanted: wanted, shrinking: (number, search.trials, steps)))
    } differs: { [quick] candidate in
      // A file with a step that does nothing would be refused.
      if candidate.problem != nil { return false }
      for _ in 0..<Limits.shrinkRepetitions {
        guard signature.matches(await quick.judgeOnce(candidate, pool).result) else { return false }
      }
      return true
    }
    // Noise may have misled the search: then the original scenario stays.
    let smallest = await comparison.judge(search.scenario, pool, Confirmations(remembersDifferences: false))
    return signature.matches(smallest) ? smallest : result
  }

  /// Writes the scenario to a file that can be replayed on its own.
  private func write(_ result: inout ScenarioResult, _ number: Int, of original: Scenario) throws(InputError) {
    let comparison = fuzz.comparison
    let (count, all) = (result.scenario.steps.count, original.steps.count)
    let shrunk = count < all ? ", shrunk from \(all) steps to \(count)." : "."
    result.scenario.about =
      "Scenario \(number) of seed \(fuzz.seed)" + (result.verdict == .varies ? ", whose runs vary." : shrunk)
    result.scenario.replay = ReplayRecipe(
      comparison.left, comparison.right, channels: comparison.channels,
      timeout: Int(comparison.timeout / .milliseconds(1)), seed: fuzz.seed, run: number)
    guard let folder = fuzz.folder else { return }
    let path = Self.path(of: result.scenario, in: folder)
    try Terminal.write(result.scenario.yaml, to: path)
    result.replay = commandLine(["parity", "replay", path] + result.repetition + fuzz.options)
  }

  /// The file of a scenario. It does not replace one of another pair of programs.
  private static func path(of scenario: Scenario, in folder: String) -> String {
    let stem = folder == "." ? scenario.name : "\(folder)/\(scenario.name)"
    var (path, number) = ("\(stem).yaml", 2)
    while System.kind(of: path) != nil, let other = (try? Scenario.load(path))?.first?.replay,
      (other.left, other.right) != (scenario.replay?.left, scenario.replay?.right)
    {
      (path, number) = ("\(stem)-\(number).yaml", number + 1)
    }
    return path
  }
}
