/// The verdict of a comparison. The raw value is the exit status.
public enum Verdict: Int32, Sendable, CaseIterable {
  case same = 0
  case different = 1
  /// A program did not start, hung, or could be compared only in part.
  case notJudged = 2
  /// The sides differed in some runs. Further runs could neither show a difference nor explain it as noise that both
  /// sides have.
  case varies = 3

  /// The verdict of a whole: that of the part that decides.
  init(of parts: some Sequence<Verdict>) {
    let parts = Set(parts)
    self = Self.deciding.first(where: parts.contains) ?? .same
  }

  private static let deciding: [Verdict] = [.different, .notJudged, .varies]
}
