/// A vote: several programs in the same scenarios. Each pair is compared as in a comparison, but the runs of a program
/// are shared between its pairs.
public struct Vote: Sendable {
  public var programs: [Program]
  public var scenarios: [Scenario]
  public var channels: [Channel] = [.wire, .output, .exit, .leftovers]
  /// How often each program plays each scenario. Programs that differ play it at least twice, to tell noise from a
  /// difference.
  public var repeats = 1
  /// Maximum time for one step.
  public var timeout = Duration.milliseconds(Limits.timeout)
  /// Maximum number of runs at once.
  public var jobs = BlockingPool.size
  /// Masks and known differences.
  public var rules: [MaskRule] = []
  /// What is known about the silence of the programs.
  private var silences = Silences()

  /// Creates a vote. Without scenarios, it uses the bundled ones of the role.
  public init(_ programs: [Program], role: Role = .server, scenarios: [Scenario]? = nil) {
    (self.programs, self.scenarios) = (programs, scenarios ?? Scenario.bundled(for: role))
  }

  /// Plays all scenarios.
  public func run() async -> VoteReport {
    let (clock, pool, confirmed) = (ContinuousClock(), BlockingPool(jobs), Confirmations())
    let begin = clock.now
    var started = self
    let troubles = await started.start(pool)
    var results: [VoteResult] = []
    if troubles.isEmpty {
      let vote = started
      results = await withTaskGroup(of: (Int, VoteResult).self) { group in
        // The longest first, so that it does not run alone at the end.
        let ordered = scenarios.enumerated().sorted { Step.count($0.element.steps) > Step.count($1.element.steps) }
        for (index, scenario) in ordered {
          group.addTask { (index, await vote.judge(scenario, pool, confirmed)) }
        }
        return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
      }
    }
    let used = results.reduce(into: Set<MaskRule>()) { $0.formUnion($1.used) }
    let stale = rules.filter { !used.contains($0) && channels.contains($0.channel) }
    return VoteReport(
      programs: programs, channels: channels, results: results, troubles: troubles,
      stale: troubles.isEmpty ? stale : [], timeout: timeout, time: clock.now - begin)
  }

  /// Starts each program once: one that does not start can't vote. Returns the reasons.
  private mutating func start(_ pool: BlockingPool) async -> [String] {
    guard let role = scenarios.first?.role else { return [] }
    let (all, time) = (programs, timeout)
    let starts = await withTaskGroup(of: (Int, RestingState?, String?).self) { group in
      for (index, program) in all.enumerated() {
        group.addTask {
          let start = await pool.run { program.tryStart(role, timeout: time) }
          return (index, start.resting, start.trouble)
        }
      }
      return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }
    }
    for (index, resting, _) in starts { programs[index].resting = resting }
    return starts.compactMap { index, _, trouble in
      trouble.map { "\(VoteReport.name(index)) did not start: \($0)" }
    }
  }

  // MARK: One scenario

  private func judge(_ scenario: Scenario, _ pool: BlockingPool, _ confirmed: Confirmations) async -> VoteResult {
    let all = Set(programs.indices)
    var runs = VoteRuns(programs.count)
    async let traced = play(scenario, pool, channels.contains(.calls) ? all : [], max(2, repeats), isTraced: true)
    runs.plain = await play(scenario, pool, all, repeats)
    runs.traced = await traced
    await runs.awaitSilent(self, scenario, pool)
    var latest = VotePairs(self, scenario, runs)
    if repeats == 1 {
      runs.add(await play(scenario, pool, latest.differing, 1))
      await runs.awaitSilent(self, scenario, pool)
      latest = VotePairs(self, scenario, runs)
    }
    let unsettled = latest.unsettled(inCalls: false)
    let reserved = await confirmed.reserve(unsettled)
    let known = unsettled.subtracting(reserved)
    for count in [Limits.confirmingRuns, Limits.maximumRuns] {
      // Only the programs of pairs that differ, or whose noise is new, run again.
      let open = latest.programs(besides: known, inCalls: false).filter { runs.plain[$0].count < count }
      guard let least = open.map({ runs.plain[$0].count }).min() else { continue }
      runs.add(await play(scenario, pool, open, count - least, over: Limits.confirmingTime))
      await runs.awaitSilent(self, scenario, pool)
      latest = VotePairs(self, scenario, runs)
    }
    await confirmed.settle(reserved.union(latest.settled), reserved: reserved)
    for _ in 0..<Limits.callConfirmations {
      let open = latest.programs(besides: [], inCalls: true)
      if open.isEmpty { break }
      runs.add(await play(scenario, pool, open, max(2, repeats), isTraced: true), isTraced: true)
      latest = VotePairs(self, scenario, runs)
    }
    return VoteResult(scenario, channels, runs, latest)
  }

  /// Some programs, several times. They alternate, so that changes of the machine's load and of its clock affect all.
  private func play(
    _ scenario: Scenario, _ pool: BlockingPool, _ chosen: Set<Int>, _ count: Int, isTraced: Bool = false,
    over time: Duration = .zero
  ) async -> [[Transcript]] {
    await withTaskGroup(of: (program: Int, number: Int, transcript: Transcript).self) { group in
      for number in 0..<count {
        let ordered = chosen.sorted { (($0 + number) % programs.count) < (($1 + number) % programs.count) }
        for index in ordered {
          group.addTask {
            let transcript = await pool.run(number, of: count, over: time) {
              programs[index].play(scenario, timeout: timeout, isTraced: isTraced)
            }
            return (index, number, transcript)
          }
        }
      }
      let all = await group.reduce(into: [(program: Int, number: Int, transcript: Transcript)]()) { $0.append($1) }
      return programs.indices.map { index in
        all.filter { $0.program == index }.sorted { $0.number < $1.number }.map(\.transcript)
      }
    }
  }

  /// The comparison of two of the programs.
  func comparison(_ pair: Split.Pair) -> Comparison {
    var comparison = Comparison(programs[pair.first], programs[pair.second], scenarios: scenarios)
    (comparison.channels, comparison.repeats, comparison.timeout) = (channels, repeats, timeout)
    (comparison.rules, comparison.strictCalls, comparison.silences) = (rules, channels.contains(.calls), silences)
    return comparison
  }
}
