/// Scenarios by chance: each is played once on each side. What differs is judged anew, and then made smaller.
public struct Fuzz: Sendable {
  /// The programs, and how they are judged; the scenarios are made up.
  public var comparison: Comparison
  public var role: Role
  public var seed: Int
  public var runs = Limits.fuzzRuns
  public var shard = Shard.whole
  /// After so many scenarios that differ it ends.
  public var failures = Limits.fuzzFailures
  /// After so long no further scenario is begun.
  public var time: Duration?
  /// Where a file is written for each scenario that differs; nowhere where nil.
  public var folder: String?
  /// What the line that replays such a file says besides, such as a file of masks.
  public var options: [String] = []

  /// System calls are compared only where they are put back among the channels: strace takes several times as long.
  public init(_ comparison: Comparison, role: Role = .server, seed: Int) {
    (self.comparison, self.role, self.seed) = (comparison, role, seed)
    self.comparison.channels.removeAll { $0 == .calls }
  }

  /// How far it is.
  public struct Progress: Sendable {
    /// All that is known so far.
    public let report: Report
    public let wanted: Int
    /// Of the search for a smaller scenario: which it is, how many trials there were, and how many steps are left.
    public let shrinking: (number: Int, trials: Int, steps: Int)?
  }

  /// Plays all, and tells after each. However many programs run at a time, the same is found.
  public func run(_ progress: @escaping @Sendable (Progress) -> Void = { _ in }) async throws(InputError) -> Report {
    let crew = BlockingPool(comparison.jobs)
    let clock = ContinuousClock()
    var tally = FuzzAccumulator(self, start: clock.now)
    let deadline = time.map { clock.now + $0 }
    let result = await withTaskGroup(of: (Int, Seen?).self) { group -> Result<Void, InputError> in
      defer { group.cancelAll() }
      var numbers = shard.numbers(of: runs).makeIterator()
      var (waiting, seen) = ([Int](), [Int: Seen]())
      while true {
        while waiting.count < comparison.jobs, deadline.map({ clock.now < $0 }) ?? true, let number = numbers.next() {
          waiting.append(number)
          group.addTask { (number, await look(number, crew)) }
        }
        guard let (number, what) = await group.next() else { return .success(()) }
        guard let what else { continue }
        seen[number] = what
        // In their order, so that the same failures end the run however fast each was.
        while let first = waiting.first, let what = seen.removeValue(forKey: first) {
          waiting.removeFirst()
          do throws(InputError) {
            try await tally.add(what, first, crew, progress)
          } catch {
            return .failure(error)
          }
          progress(Progress(report: tally.report, wanted: tally.wanted, shrinking: nil))
          if tally.failures >= failures { return .success(()) }
        }
      }
    }
    if case .failure(let error) = result { throw error }
    return tally.report
  }

  /// What a scenario came to; nil where the run ended before it was played.
  enum Seen: Sendable {
    case same(ScenarioResult)
    /// It differed, and then it did not.
    case seldom(ScenarioResult)
    case parted(ScenarioResult)
  }

  private func look(_ number: Int, _ crew: BlockingPool) async -> Seen? {
    if Task.isCancelled { return nil }
    let scenario = Scenario.fuzzed(role, seed: seed, number: number)
    var judgement = await comparison.look(scenario, crew)
    if judgement.verdict == .same { return .same(judgement) }
    // One look can be wrong: what differs must differ each time that it is looked at, with nothing known from before.
    for _ in 0..<Limits.fuzzJudgements where !Task.isCancelled {
      judgement = await comparison.judge(scenario, crew, ConfirmedDifferences())
      if judgement.verdict == .same { return judgement.masks.isEmpty ? .seldom(judgement) : .same(judgement) }
    }
    return .parted(judgement)
  }
}
