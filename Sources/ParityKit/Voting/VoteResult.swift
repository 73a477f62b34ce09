/// The result of one scenario of a vote.
public struct VoteResult: Hashable, Sendable {
  /// The result of one channel.
  public struct Cell: Hashable, Sendable {
    public let channel: Channel
    public let split: Split
    /// The difference of each pair that has one. The first program is its left side.
    public let differences: [Split.Pair: Difference]
    /// Why pairs were not judged.
    public let reasons: [String]
  }

  public let scenario: Scenario
  public let cells: [Cell]
  /// The groups of programs that are the same in every channel.
  public let split: Split
  /// Which program did not start, or hung.
  public let troubles: [String]
  /// The number of runs of each program.
  public let runs: [Int]
  let used: Set<MaskRule>

  init(_ scenario: Scenario, _ channels: [Channel], _ runs: VoteRuns, _ pairs: VotePairs) {
    let count = runs.plain.count
    self.scenario = scenario
    self.runs = runs.plain.map(\.count)
    used = pairs.results.values.reduce(into: []) { $0.formUnion($1.used) }
    troubles = runs.plain.enumerated().flatMap { index, own -> [String] in
      let name = VoteReport.name(index)
      if let reason = own.compactMap(\.trouble).first { return ["\(name) did not start: \(reason)"] }
      return own.compactMap(\.hang).prefix(1).map { "\(name) hung at \($0)" }
    }
    cells = channels.enumerated().map { number, channel in
      let findings = pairs.results.compactMapValues { $0.cells[number].finding }
      return Cell(
        channel: channel, split: Split(count) { findings[$0]?.relation ?? .unclear },
        differences: findings.compactMapValues { $0.relation == .same ? nil : $0.difference },
        reasons: Set(findings.compactMap { $1.vagueness($0) }).sorted())
    }
    split = Split(count) { pair in
      let relations = pairs.results[pair]?.cells.map(\.finding.relation) ?? []
      if relations.contains(.different) { return .different }
      return relations.contains(.unclear) ? .unclear : .same
    }
  }

  /// A difference outweighs what could not be judged.
  public var verdict: Verdict { split.verdict }
}

extension Finding {
  fileprivate var relation: Split.Relation {
    switch self {
    case .different: .different
    case .hung, .varies, .partly, .notJudged: .unclear
    case .same, .noted, .known, .measured: .same
    }
  }

  /// Why it is unclear.
  fileprivate func vagueness(_ pair: Split.Pair) -> String? {
    let (first, second) = (VoteReport.name(pair.first), VoteReport.name(pair.second))
    switch self {
    case .hung: return "\(first) or \(second) hung"
    case .varies: return "\(first) and \(second) differ in some runs, which is neither a difference nor noise"
    case .partly(let difference): return difference.note
    case .notJudged(let reason):
      // The reason of a comparison begins with the side.
      if reason.hasPrefix("left ") { return first + reason.dropFirst(4) }
      return reason.hasPrefix("right ") ? second + reason.dropFirst(5) : reason
    case .different, .same, .noted, .known, .measured: return nil
    }
  }
}

/// The result of a vote.
public struct VoteReport: Sendable {
  public let programs: [Program]
  public let channels: [Channel]
  public let results: [VoteResult]
  /// Which programs did not start, so that nothing was played.
  public let troubles: [String]
  /// Masks and known differences that did not occur.
  public let stale: [MaskRule]
  /// Maximum time for one step.
  let timeout: Duration
  public let time: Duration

  /// A difference outweighs what could not be judged.
  public var verdict: Verdict {
    let verdicts = results.map(\.verdict)
    if verdicts.contains(.different) { return .different }
    return results.isEmpty || !stale.isEmpty || verdicts.contains(.notJudged) ? .notJudged : .same
  }

  /// In how many scenarios each program is alone, in at least one channel.
  public var alone: [Int] {
    programs.indices.map { program in
      results.count { result in result.cells.contains { $0.split.alone.contains(program) } }
    }
  }

  /// The name of a program in the report: A, B, C.
  static func name(_ index: Int) -> String { String(UnicodeScalar(UInt8(ascii: "A") + UInt8(index))) }
}
