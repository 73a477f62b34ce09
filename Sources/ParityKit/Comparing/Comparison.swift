/// A comparison: two programs, the scenarios, and the options.
public struct Comparison: Sendable {
  /// The reference program.
  public var left: Program
  public var right: Program
  public var scenarios: [Scenario]
  public var channels: [Channel] = Channel.allCases
  /// How often each side plays each scenario; at least twice, to tell noise from a difference.
  public var repeats = 2
  /// Maximum time for one step.
  public var timeout = Duration.milliseconds(Limits.timeout)
  /// Maximum number of runs at once.
  public var jobs = BlockingPool.size
  /// Masks and known differences.
  public var rules: [MaskRule] = []
  /// Costs above these limits are a difference.
  public var costLimits = ResourceLimits()
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
    let confirmed = ConfirmedDifferences()
    let clock = ContinuousClock()
    let start = clock.now
    var started = self
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
          result.replay = commandLine(replay(self, scenario))
          return (index, result)
        }
      }
      var all: [(Int, ScenarioResult)] = []
      for await (index, result) in group {
        progress(result)
        all.append((index, result))
      }
      return all.sorted { $0.0 < $1.0 }.map(\.1)
    }
    let used = results.reduce(into: Set<MaskRule>()) { $0.formUnion($1.used) }
    let stale = rules.filter { rule in
      !used.contains(rule) && channels.contains(rule.channel)
        && (rule.scenario == nil || scenarios.contains { $0.name == rule.scenario })
    }
    return Report(
      left: left, right: right, channels: channels, results: results, stale: stale, time: clock.now - start)
  }

  /// The command line that plays one scenario again. A scenario that is not bundled is read from a file of its name.
  private func words(for scenario: Scenario) -> [String] {
    var words = ["parity", "compare"] + (scenario.role == .server ? [] : ["--role", scenario.role.rawValue])
    words += ["--left", left.description, "--right", right.description]
    for entry in left.entries { words += ["--left-env", entry] }
    for entry in right.entries { words += ["--right-env", entry] }
    if channels != Channel.allCases { words += ["--channels", channels.map(\.rawValue).joined(separator: ",")] }
    if timeout != .milliseconds(Limits.timeout) { words += ["--timeout", "\(timeout / .seconds(1))"] }
    let isBundled = Scenario.bundled(for: scenario.role).contains(scenario)
    return words + (isBundled ? ["--only", scenario.name] : ["--scenario", "\(scenario.name).yaml"])
  }

  /// One run of each side, and one under strace if calls are compared.
  func judgeOnce(_ scenario: Scenario, _ pool: BlockingPool) async -> ScenarioResult {
    async let plain = runs(scenario, pool, 1)
    async let traced = runs(scenario, pool, tracesCalls ? 1 : 0, isTraced: true)
    let all = await plain
    return ScenarioResult(scenario, channels, all.left, all.right, rules, traced: await traced, limits: costLimits)
  }

  func judge(_ scenario: Scenario, _ pool: BlockingPool, _ confirmed: ConfirmedDifferences) async -> ScenarioResult {
    async let plain = runs(scenario, pool, repeats)
    // Equal first runs need no repetition: one run under strace is enough unless the sides differ.
    async let first = runs(scenario, pool, tracesCalls ? 1 : 0, isTraced: true)
    var (all, traced) = (await plain, await first)
    func result() -> ScenarioResult {
      ScenarioResult(scenario, channels, all.left, all.right, rules, traced: traced, limits: costLimits)
    }
    var latest = result()
    // A difference in few runs may be rare noise, such as a time in seconds.
    for round in 0..<Limits.confirmations where latest.isConfirmable {
      let isUnconfirmed =
        !confirmed.contains(latest, inCalls: false) && latest.hasDifference { !$0.isCalls && (round == 0 || $0.varies) }
      // Calls may depend on timing without varying for a while.
      let isTraced = !confirmed.contains(latest, inCalls: true)
      if !isUnconfirmed, !isTraced { break }
      async let more = runs(scenario, pool, isUnconfirmed ? repeats : 0)
      async let moreTraced = runs(scenario, pool, isTraced ? repeats : 0, isTraced: true)
      all = all + (await more)
      traced = traced + (await moreTraced)
      latest = result()
    }
    confirmed.add(latest)
    return latest
  }

  private var tracesCalls: Bool {
    (channels.contains(.calls) || costLimits.calls != nil) && Strace.path != nil
  }

  /// The sides alternate, so that changes of the machine's load affect both.
  private func runs(_ scenario: Scenario, _ pool: BlockingPool, _ count: Int, isTraced: Bool = false) async -> RunSet {
    await withTaskGroup(of: (Int, Transcript).self) { group in
      for number in 0..<(count * 2) {
        let program = number.isMultiple(of: 2) ? left : right
        group.addTask {
          (number, await pool.run { program.play(scenario, timeout: timeout, isTraced: isTraced) })
        }
      }
      var all: [(Int, Transcript)] = []
      for await run in group { all.append(run) }
      all.sort { $0.0 < $1.0 }
      let runs = RunSet(
        left: all.filter { $0.0.isMultiple(of: 2) }.map(\.1), right: all.filter { !$0.0.isMultiple(of: 2) }.map(\.1))
      return isTraced ? runs : await awaited(runs, scenario, pool)
    }
  }
}

extension Program {
  /// Plays a scenario once, on the calling thread. Nothing of the run is left afterwards.
  public func play(_ scenario: Scenario, timeout: Duration = .milliseconds(Limits.timeout)) -> Transcript {
    play(scenario, timeout: timeout, isTraced: false)
  }

  /// With `isTraced`, only the calls are meaningful: the program is slower.
  func play(_ scenario: Scenario, timeout: Duration, isTraced: Bool, patience: Int = 1) -> Transcript {
    System.withoutSIGPIPE {
      do {
        return try ScenarioRun(self, role: scenario.role, timeout: timeout, isTraced: isTraced).play(
          scenario, patience: patience)
      } catch {
        var transcript = Transcript()
        transcript.trouble = "no folder or port to run in: \(error)"
        return transcript
      }
    }
  }
}
