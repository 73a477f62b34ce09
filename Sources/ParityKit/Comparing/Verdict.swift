/// The verdict of a comparison. The raw value is the exit status.
public enum Verdict: Int32, Sendable, CaseIterable {
  case same = 0
  case different = 1
  /// A program did not start, hung, or varied from run to run in a way that no mask covers.
  case notJudged = 2
}
