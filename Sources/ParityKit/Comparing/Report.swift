/// The result of a comparison.
public struct Report: Sendable {
  public let left: Program
  public let right: Program
  public let channels: [Channel]
  public let results: [ScenarioResult]
  /// Masks and known differences that did not occur.
  public let stale: [MaskRule]
  public let time: Duration
  /// For a fuzz run: its summary. Scenarios without a difference are only counted.
  public internal(set) var fuzzed: FuzzSummary?
  /// What was decided before the comparison, such as the protocol.
  public internal(set) var notes: [String] = []

  public var verdict: Verdict {
    let hasPlayed = !results.isEmpty || (fuzzed?.played ?? 0) > 0
    return Verdict(of: results.map(\.verdict) + (stale.isEmpty && hasPlayed ? [] : [.notJudged]))
  }
}
