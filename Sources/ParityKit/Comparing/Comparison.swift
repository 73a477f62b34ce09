/// A comparison: two programs, the scenarios, and the options.
public struct Comparison: Sendable {
  /// The reference program.
  public var left: Program
  public var right: Program
  public var scenarios: [Scenario]
  public var channels: [Channel] = Channel.allCases
  /// How often each side plays each scenario. Sides that differ play it at least twice, to tell noise from a difference.
  public var repeats = 1
  /// Maximum time of the whole comparison; nil: no limit. What is not judged by then is reported.
  public var budget: Duration?
  /// The budget of a run.
  var remaining = Budget.endless
  /// Maximum time for one step.
  public var timeout = Duration.milliseconds(Limits.timeout)
  /// Maximum number of runs at once.
  public var jobs = BlockingPool.size
  /// Masks and known differences.
  public var rules: [MaskRule] = []
  /// Whether different system calls decide the verdict. Otherwise the report notes them.
  public var strictCalls = false
  /// What the report says of the comparison itself.
  public var notes: [String] = []
  /// Costs above these limits are a difference.
  public var costLimits = ResourceLimits()
  /// What is known about the silence of the sides.
  var silences = Silences()
  /// Receives the runs of each scenario whenever they are judged.
  var observe: (@Sendable (Scenario, RunSet) -> Void)?
  /// The command line that plays a scenario again; nil if there is none.
  public var replay: @Sendable (Comparison, Scenario) -> [String] = { $0.words(for: $1) }

  /// Creates a comparison. Without scenarios, it uses the bundled ones of the role.
  public init(_ left: Program, _ right: Program, role: Role = .server, scenarios: [Scenario]? = nil) {
    (self.left, self.right) = (left, right)
    self.scenarios = scenarios ?? Scenario.bundled(for: role)
  }

  /// Plays all scenarios.
  ///
  /// - Parameter progress: Receives each result as soon as it is known.
  /// - Returns: The report of all scenarios.
  public func run(_ progress: @escaping @Sendable (ScenarioResult) -> Void = { _ in }) async -> Report {
    let pool = BlockingPool(jobs)
    let confirmed = Confirmations()
    let clock = ContinuousClock()
    let start = clock.now
    var started = self
    (started.remaining, started.silences) = (Budget(budget), Silences())
    if let role = scenarios.first?.role, let report = await started.start(pool, since: start, role: role) {
      return report
    }
    let judging = started
    let results = await withTaskGroup(of: (Int, ScenarioResult).self) { group in
      // The longest first, so that it does not run alone at the end.
      let ordered = scenarios.enumerated().sorted { Step.count($0.element.steps) > Step.count($1.element.steps) }
      for (index, scenario) in ordered {
        group.addTask {
          var result = await judging.judge(scenario, pool, confirmed)
          result.replay = commandLine(replay(self, scenario) + result.repetition)
          return (index, result)
        }
      }
      var all: [(Int, ScenarioResult)] = []
      for await (index, result) in group {
        progress(result)
        all.append((index, result))
      }
      var results: [ScenarioResult] = []
      for (_, result) in all.sorted(by: { $0.0 < $1.0 }) { results.append(await confirmed.withoutChance(result)) }
      return results
    }
    let used = results.reduce(into: Set<MaskRule>()) { $0.formUnion($1.used) }
    let stale = rules.filter { rule in
      !used.contains(rule) && channels.contains(rule.channel)
        && (rule.scenario == nil || scenarios.contains { $0.name == rule.scenario })
    }
    return Report(
      left: left, right: right, channels: channels, results: results, stale: stale, time: clock.now - start,
      notes: notes)
  }

  /// The command line that plays one scenario again. A scenario that is not bundled is read from a file of its name.
  private func words(for scenario: Scenario) -> [String] {
    var words = ["parity", "compare"] + (scenario.role == .server ? [] : ["--role", scenario.role.rawValue])
    words += ["--left", left.description, "--right", right.description]
    for entry in left.entries { words += ["--left-env", entry] }
    for entry in right.entries { words += ["--right-env", entry] }
    for file in left.files + right.files.filter({ !left.files.contains($0) }) { words += ["--file", file.option] }
    if channels != Channel.allCases { words += ["--channels", channels.map(\.rawValue).joined(separator: ",")] }
    if strictCalls { words.append("--strict-calls") }
    if timeout != .milliseconds(Limits.timeout) { words += ["--timeout", "\(timeout / .seconds(1))"] }
    if let name = WireProtocol.of(scenario) { return words + ["--protocol", name.rawValue, "--only", scenario.name] }
    let isBundled = Scenario.bundled(for: scenario.role).contains(scenario)
    return words + (isBundled ? ["--only", scenario.name] : ["--scenario", "\(scenario.name).yaml"])
  }

  /// The runs of a scenario, and those under strace.
  struct Runs: Sendable {
    var plain = RunSet()
    var traced = RunSet()
  }

  /// One run of each side, and one under strace if calls are compared.
  func judgeOnce(_ scenario: Scenario, _ pool: BlockingPool) async -> (result: ScenarioResult, runs: Runs) {
    async let plain = runs(scenario, pool, 1)
    async let traced = runs(scenario, pool, tracesCalls ? 1 : 0, isTraced: true)
    let runs = Runs(plain: await plain, traced: await traced)
    return (result(scenario, runs.plain, runs.traced), runs)
  }

  /// Runs a scenario as often as its verdict needs. Runs that were played before count.
  func judge(
    _ scenario: Scenario, _ pool: BlockingPool, _ confirmed: Confirmations, after played: Runs = Runs()
  ) async -> ScenarioResult {
    // Equal first runs need no repetition: one run under strace is enough unless the sides differ.
    let tracesFirst = played.traced.left.isEmpty && traces(scenario)
    async let first = runs(scenario, pool, tracesFirst ? 1 : 0, isTraced: true, .last)
    let (all, confirmation) = await confirm(scenario, pool, confirmed, after: played.plain)
    if confirmation.isUnfinished { return confirmation }
    var traced = played.traced + (await first)
    if traced.left.isEmpty { return confirmation }
    var latest = result(scenario, all, traced)
    let calls = await confirmed.reserve(latest.unsettled(inCalls: true))
    // Calls depend on timing more than data does.
    for _ in 0..<Limits.callConfirmations where !latest.unsettled(inCalls: true).isDisjoint(with: calls) {
      traced = traced + (await runs(scenario, pool, max(2, repeats), isTraced: true, .last))
      latest = result(scenario, all, traced)
    }
    await confirmed.settle(calls.intersection(latest.unsettled(inCalls: true)), reserved: calls)
    return latest
  }

  /// Runs both sides until further runs would not change what differs, or the budget is over. Nothing is known of calls
  /// yet.
  private func confirm(
    _ scenario: Scenario, _ pool: BlockingPool, _ confirmed: Confirmations, after played: RunSet
  ) async -> (RunSet, ScenarioResult) {
    var all = played + (await runs(scenario, pool, max(0, repeats - played.left.count)))
    var latest = result(scenario, all, RunSet())
    // One run of each side can't tell noise from a difference.
    if all.left.count == 1, await confirmed.hasNew(latest) {
      all = all + (await runs(scenario, pool, 1, .first))
      latest = result(scenario, all, RunSet())
    }
    let unsettled = latest.unsettled(inCalls: false)
    let reserved = await confirmed.reserve(unsettled)
    let time = Limits.confirmingTime
    var isUnconfirmed = false
    for count in [Limits.confirmingRuns, Limits.maximumRuns]
    where count > all.left.count && !latest.unsettled(inCalls: false).isSubset(of: unsettled.subtracting(reserved)) {
      isUnconfirmed = !remaining.has(time)
      if isUnconfirmed { break }
      all = all + (await runs(scenario, pool, count - all.left.count, over: time, .first))
      latest = result(scenario, all, RunSet())
    }
    await confirmed.settle(
      isUnconfirmed ? [] : latest.confirmed(of: reserved), reserved: reserved,
      differences: all.left.count < Limits.confirmingRuns ? [] : latest.differences)
    return (all, isUnconfirmed ? latest.unconfirmed : latest)
  }

  private func result(_ scenario: Scenario, _ plain: RunSet, _ traced: RunSet) -> ScenarioResult {
    if plain.left.isEmpty || plain.right.isEmpty { return ScenarioResult(unfinished: scenario, channels) }
    observe?(scenario, plain)
    return ScenarioResult(
      scenario, channels, plain.left, plain.right, rules, traced: traced, limits: costLimits, strictCalls: strictCalls)
  }

  private var tracesCalls: Bool {
    (channels.contains(.calls) || costLimits.calls != nil) && Strace.path != nil
  }

  /// Whether the calls of a scenario are traced. A note about calls that do not decide needs only some scenarios, spread
  /// over all of them: strace takes several times as long as the program.
  private func traces(_ scenario: Scenario) -> Bool {
    guard tracesCalls else { return false }
    let (all, most) = (scenarios.count, Limits.tracedScenarios)
    if strictCalls || costLimits.calls != nil || all <= most { return true }
    return (0..<most).contains { scenarios[$0 * all / most] == scenario }
  }

  /// The sides alternate, so that changes of the machine's load and of its clock affect both. The runs are spread over
  /// a time.
  private func runs(
    _ scenario: Scenario, _ pool: BlockingPool, _ count: Int, isTraced: Bool = false, over time: Duration = .zero,
    _ urgency: BlockingPool.Urgency = .usual
  ) async -> RunSet {
    @Sendable func play(_ number: Int, isLeft: Bool, after other: Transcript? = nil) async -> Transcript {
      let program = isLeft ? left : right
      var awaited: Awaited?
      if let other { awaited = await silences.awaited(other, of: isLeft ? 0 : 1) }
      let expected = awaited
      return await pool.run(other == nil ? number : 0, of: count, over: time, urgency) {
        program.play(scenario, timeout: timeout, isTraced: isTraced, awaiting: expected, within: remaining)
      }
    }
    let slow = isTraced ? nil : await silences.slow
    let runs = await withTaskGroup(of: (number: Int, left: Transcript, right: Transcript).self) { group in
      for number in 0..<count {
        group.addTask {
          if let slow {
            // The other side shows for what the slow one is awaited, so that it plays once.
            let first = await play(number, isLeft: slow == 1)
            let second = await play(number, isLeft: slow == 0, after: first)
            return slow == 1 ? (number, first, second) : (number, second, first)
          }
          let isLeftFirst = number.isMultiple(of: 2)
          async let first = play(number, isLeft: isLeftFirst)
          async let second = play(number, isLeft: !isLeftFirst)
          return isLeftFirst ? (number, await first, await second) : (number, await second, await first)
        }
      }
      var all: [(number: Int, left: Transcript, right: Transcript)] = []
      for await run in group { all.append(run) }
      all.sort { $0.number < $1.number }
      return RunSet(left: all.map(\.left), right: all.map(\.right))
    }
    return await awaited(runs.finished, scenario, isTraced: isTraced, pool, urgency)
  }
}

extension Program {
  /// Plays a scenario once, on the calling thread. Nothing of the run is left afterwards.
  public func play(_ scenario: Scenario, timeout: Duration = .milliseconds(Limits.timeout)) -> Transcript {
    play(scenario, timeout: timeout, isTraced: false)
  }

  /// With `isTraced`, only the calls are meaningful: the program is slower.
  func play(
    _ scenario: Scenario, timeout: Duration, isTraced: Bool, awaiting awaited: Awaited? = nil,
    within budget: Budget = .endless
  ) -> Transcript {
    System.withoutSIGPIPE {
      do {
        return try ScenarioRun(self, role: scenario.role, timeout: timeout, isTraced: isTraced).play(
          scenario, awaiting: awaited, within: budget)
      } catch {
        var transcript = Transcript()
        transcript.trouble = "no folder or port to run in: \(error)"
        return transcript
      }
    }
  }
}
