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

  /// A difference outweighs what could not be judged.
  public var verdict: Verdict {
    let verdicts = results.map(\.verdict)
    if verdicts.contains(.different) { return .different }
    let hasPlayed = !results.isEmpty || (fuzzed?.played ?? 0) > 0
    let isComplete = stale.isEmpty && hasPlayed && !verdicts.contains(.notJudged)
    return isComplete ? .same : .notJudged
  }
}
