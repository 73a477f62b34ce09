/// What a comparison comes to.
public struct Report: Sendable {
  public let left: Program
  public let right: Program
  public let channels: [Channel]
  public let judgements: [Judgement]
  /// Masks and known differences that did not happen any more.
  public let stale: [Allowance]
  public let time: Duration

  /// A difference outweighs what could not be judged.
  public var verdict: Verdict {
    let verdicts = judgements.map(\.verdict)
    if verdicts.contains(.different) { return .different }
    let isComplete = stale.isEmpty && !judgements.isEmpty && !verdicts.contains(.notJudged)
    return isComplete ? .same : .notJudged
  }
}
