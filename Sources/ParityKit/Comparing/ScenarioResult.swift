/// The result of one scenario.
public struct ScenarioResult: Hashable, Sendable {
  public struct Cell: Hashable, Sendable {
    public let channel: Channel
    public let finding: Finding
  }

  public internal(set) var scenario: Scenario
  public internal(set) var cells: [Cell]
  /// Why a side could not be judged or hung, by side.
  public let troubles: [String]
  /// The number of runs of each side.
  public let runs: Int
  /// The first run of each side, with bulk data shortened.
  public let left: Transcript
  public let right: Transcript
  /// The steps that did nothing in each run of both sides, with the reason.
  public let vacuous: [String]
  let used: Set<MaskRule>
  /// The scenario's number in a fuzz run.
  public internal(set) var number: Int?
  /// The command line that repeats the difference.
  public internal(set) var replay: String?
  var masks: [Mask] {
    cells.flatMap { cell in if case .same(let masks) = cell.finding { masks } else { [Mask]() } }
  }
  /// The options with which a command repeats the result: what varies needs many runs.
  var repetition: [String] { verdict == .varies ? ["--repeat", "\(Limits.maximumRuns)"] : [] }
  /// The differences and masks that further runs could change; none if a run was cut short. Calls have runs of their
  /// own.
  func unsettled(inCalls: Bool) -> Set<Confirmations.Key> {
    guard isComplete else { return [] }
    return cells.filter { ($0.channel == .calls) == inCalls }.reduce(into: []) {
      $0.formUnion(Confirmations.keys($1.finding, in: $1.channel))
    }
  }

  /// The differences that decide, with their numbers. A side that varies is not part of them.
  var differences: Set<Confirmations.Key> {
    cells.filter { $0.channel != .calls }.reduce(into: []) { keys, cell in
      if cell.channel == .time {
        return [false, true].forEach { keys.formUnion(Confirmations.keys(cell.finding, in: .time, isSettled: $0)) }
      }
      for difference in cell.finding.difference?.all ?? [] {
        let texts = [difference.left, difference.right].map { Set($0).sorted().joined(separator: "|") }
        keys.insert(Confirmations.Key(channel: cell.channel, observation: difference.observation, texts: texts))
      }
    }
  }

  /// Whether a channel has a difference, which may be a known one.
  var hasDifference: Bool { cells.contains { $0.finding.difference != nil && !$0.finding.isNote } }

  /// What further runs can't change.
  var settled: Set<Confirmations.Key> {
    cells.filter { $0.channel != .calls }.reduce(into: []) {
      $0.formUnion(Confirmations.keys($1.finding, in: $1.channel, isSettled: true))
    }
  }

  /// What these runs have confirmed. A difference that became noise says nothing about other scenarios.
  func confirmed(of reserved: Set<Confirmations.Key>) -> Set<Confirmations.Key> {
    let differing = cells.flatMap { cell in
      (cell.finding.difference?.all ?? []).map { Confirmations.place(cell.channel, $0.observation) }
    }
    return settled.union(reserved.filter { $0.isNoise || differing.contains($0.place) })
  }

  init(
    _ scenario: Scenario, _ channels: [Channel], _ left: [Transcript], _ right: [Transcript],
    _ rules: [MaskRule], traced: RunSet = RunSet(), limits: ResourceLimits = ResourceLimits(),
    strictCalls: Bool = false
  ) {
    self.scenario = scenario
    runs = left.count
    vacuous = Self.vacuous(left + right)
    self.left = (left.first ?? Transcript()).abridged(calls: traced.left.first)
    self.right = (right.first ?? Transcript()).abridged(calls: traced.right.first)
    let allowed = rules.filter { $0.scenario == nil || $0.scenario == scenario.name }
    var troubles: [String] = []
    var couldStart = true
    for (side, runs) in [("left", left), ("right", right)] {
      if let reason = runs.compactMap(\.trouble).first {
        couldStart = false
        troubles.append("\(side) did not start: \(reason)")
      } else if let step = runs.compactMap(\.hang).first {
        troubles.append("\(side) hung at \(step)")
      }
    }
    self.troubles = troubles
    guard couldStart else {
      cells = channels.map { Cell(channel: $0, finding: .notJudged(reason: "a side did not start")) }
      used = []
      isComplete = false
      return
    }
    isComplete = troubles.isEmpty
    var used: Set<MaskRule> = []
    cells = channels.map { channel in
      let own = allowed.filter { $0.channel == channel }
      let finding = Self.finding(channel, RunSet(left: left, right: right), traced, own, limits, &used)
      if channel == .calls, !strictCalls, finding.verdict != .same, let difference = finding.difference {
        return Cell(channel: channel, finding: .noted(difference))
      }
      return Cell(channel: channel, finding: finding)
    }
    self.used = used
  }

  /// Calls come from separate runs, because strace takes time.
  private static func finding(
    _ channel: Channel, _ runs: RunSet, _ traced: RunSet, _ rules: [MaskRule], _ limits: ResourceLimits,
    _ used: inout Set<MaskRule>
  ) -> Finding {
    if channel == .calls, let reason = traced.callTrouble { return .notJudged(reason: reason) }
    var runs = channel == .calls ? traced : runs
    if channel == .cost {
      for index in runs.left.indices { runs.left[index].cost.calls = ResourceUsage.mean(traced.left.map(\.cost)).calls }
      for index in runs.right.indices {
        runs.right[index].cost.calls = ResourceUsage.mean(traced.right.map(\.cost)).calls
      }
    }
    if channel == .leftovers {
      for index in runs.left.indices { runs.left[index].writtenOutside = traced.left.first?.writtenOutside ?? [] }
      for index in runs.right.indices { runs.right[index].writtenOutside = traced.right.first?.writtenOutside ?? [] }
    }
    return ChannelComparison(left: runs.left, right: runs.right, rules: rules, limits: limits).finding(
      channel, &used)
  }

  /// A result that was read from a report, without transcripts.
  init(_ scenario: Scenario, cells: [Cell], troubles: [String], runs: Int, vacuous: [String]) {
    (self.scenario, self.cells, self.troubles, self.runs) = (scenario, cells, troubles, runs)
    (left, right, used, isComplete) = (Transcript(), Transcript(), [], troubles.isEmpty)
    self.vacuous = vacuous
  }

  /// The result of a scenario that the end of the budget has cut short.
  init(unfinished scenario: Scenario, _ channels: [Channel]) {
    let reason = "the time of the comparison was over"
    self.init(
      scenario, cells: channels.map { Cell(channel: $0, finding: .notJudged(reason: reason)) }, troubles: [Self.late],
      runs: 0, vacuous: [])
  }

  private static let late = "not played to the end within the time of the comparison; --budget sets it"
  private static let tooLate = "the sides differ, and there was no time to confirm it; --budget sets it"

  /// Whether the time of the comparison was over before this was judged.
  var isUnfinished: Bool { troubles == [Self.late] || troubles == [Self.tooLate] }

  /// The same without a difference that was not confirmed.
  var unconfirmed: ScenarioResult {
    let cells = cells.map { cell in
      guard cell.finding.verdict == .different, let difference = cell.finding.difference, !difference.isSettled else {
        return cell
      }
      return Cell(channel: cell.channel, finding: .notJudged(reason: "the sides differ; not confirmed"))
    }
    return ScenarioResult(scenario, cells: cells, troubles: [Self.tooLate], runs: runs, vacuous: vacuous)
  }

  /// Whether all runs of both sides ended.
  private let isComplete: Bool

  public var verdict: Verdict { Verdict(of: cells.map(\.finding.verdict) + (isComplete ? [] : [.notJudged])) }
}

extension Transcript {
  /// A copy for the report: bulk data is shortened, and the calls come from the traced run.
  func abridged(calls traced: Transcript?) -> Transcript {
    var copy = self
    copy.calls = traced?.calls ?? []
    (copy.milestones, copy.latencies) = ([], [])
    copy.output = Array(output.prefix(Limits.kept))
    copy.error = Array(error.prefix(Limits.kept))
    for index in copy.connections.indices {
      copy.connections[index].events = connections[index].events.map { event in
        if case .received(let bytes) = event { .received(Array(bytes.prefix(Limits.kept))) } else { event }
      }
    }
    return copy
  }
}
