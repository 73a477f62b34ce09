/// A fuzz run: each generated scenario is played once on each side. If they differ, it is judged as in a comparison; a
/// difference is then shrunk.
public struct Fuzz: Sendable {
  /// The programs and the options of the comparison; the scenarios are generated.
  public var comparison: Comparison
  public var role: Role
  public var seed: Int
  public var runs = Limits.fuzzRuns
  public var shard = Shard.whole
  /// The number of differing scenarios that ends the run.
  public var failures = Limits.fuzzFailures
  /// The time after which no further scenario starts.
  public var time: Duration?
  /// The folder for the files of differing scenarios; nil: none are written.
  public var folder: String?
  /// Further options of the command line that replays such a file, such as a masks file.
  public var options: [String] = []

  /// Creates a run without the channel `calls`; add it if needed. strace takes several times as long.
  public init(_ comparison: Comparison, role: Role = .server, seed: Int) {
    (self.comparison, self.role, self.seed) = (comparison, role, seed)
    self.comparison.channels.removeAll { $0 == .calls }
  }

  /// The progress of a run.
  public struct Progress: Sendable {
    /// The report so far.
    public let report: Report
    public let wanted: Int
    /// While shrinking: the scenario's number, the trials so far, and the remaining steps.
    public let shrinking: (number: Int, trials: Int, steps: Int)?
  }

  /// Plays all scenarios. The result does not depend on the number of parallel runs.
  ///
  /// - Parameter progress: Receives the progress after each scenario.
  public func run(_ progress: @escaping @Sendable (Progress) -> Void = { _ in }) async throws(InputError) -> Report {
    let pool = BlockingPool(comparison.jobs)
    let clock = ContinuousClock()
    var started = self
    if var report = await started.comparison.start(pool, since: clock.now, role: role) {
      report.fuzzed = FuzzSummary(seed: seed, runs: runs, shards: [shard])
      return report
    }
    let judging = started
    var accumulator = FuzzAccumulator(self, start: clock.now)
    let deadline = time.map { clock.now + $0 }
    let result = await withTaskGroup(of: (Int, ScenarioResult?).self) { group -> Result<Void, InputError> in
      defer { group.cancelAll() }
      var numbers = shard.numbers(of: runs).makeIterator()
      var (waiting, played) = ([Int](), [Int: ScenarioResult]())
      while true {
        while waiting.count < comparison.jobs, deadline.map({ clock.now < $0 }) ?? true, let number = numbers.next() {
          waiting.append(number)
          group.addTask { (number, await judging.judge(number, pool)) }
        }
        guard let (number, result) = await group.next() else { return .success(()) }
        guard let result else { continue }
        played[number] = result
        // In order, so that the same failures end the run whatever their speed.
        while let first = waiting.first, let result = played.removeValue(forKey: first) {
          waiting.removeFirst()
          do throws(InputError) {
            try await accumulator.add(result, first, pool, progress)
          } catch {
            return .failure(error)
          }
          progress(Progress(report: accumulator.report, wanted: accumulator.wanted, shrinking: nil))
          if accumulator.failures >= failures { return .success(()) }
        }
      }
    }
    if case .failure(let error) = result { throw error }
    return accumulator.report
  }

  /// The result of a scenario; nil if the run ended before it was played.
  private func judge(_ number: Int, _ pool: BlockingPool) async -> ScenarioResult? {
    if Task.isCancelled { return nil }
    let scenario = Scenario.fuzzed(role, seed: seed, number: number)
    let (result, runs) = await comparison.judgeOnce(scenario, pool)
    if result.verdict == .same || Task.isCancelled { return result }
    // Without the knowledge of earlier scenarios: each one gets as many runs as it needs.
    return await comparison.judge(scenario, pool, Confirmations(remembersDifferences: false), after: runs)
  }
}
