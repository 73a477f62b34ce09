/// The result of one channel in one scenario.
public enum Finding: Hashable, Sendable {
  /// Nothing differs except what masks cover.
  case same(masks: [Mask])
  case different(Difference)
  /// One side exceeded its time, and the other one did not.
  case hung(Difference)
  /// Both sides vary from run to run in ways that no mask covers.
  case unstable(Difference)
  /// A difference that a masks file accepts.
  case known(Difference, reason: String)
  /// The channel was not judged.
  case notJudged(reason: String)
  /// Shown side by side, not compared.
  case measured(left: ResourceUsage, right: ResourceUsage)

  /// The difference, if there is one.
  public var difference: Difference? {
    switch self {
    case .different(let difference), .hung(let difference), .unstable(let difference), .known(let difference, _):
      difference
    case .same, .notJudged, .measured: nil
    }
  }

  public var verdict: Verdict {
    switch self {
    case .different: .different
    case .hung, .unstable: .notJudged
    case .same, .known, .notJudged, .measured: .same
    }
  }
}

/// Something that varies within each side, and so is not compared.
public struct Mask: Hashable, Sendable {
  /// The name within the channel, such as a connection or standard error.
  public let observation: String
  /// The text before it.
  public let after: String
  /// The values in the runs of each side.
  public let left: [String]
  public let right: [String]

  /// A key that is equal for the same noise in other scenarios.
  struct Key: Hashable {
    let observation: String
    let after: String
  }

  var key: Key { Key(observation: observation, after: String(after.suffix(12))) }
}

/// The first difference between the sides.
public struct Difference: Hashable, Sendable {
  /// The name within the channel, such as a connection or standard error.
  public let observation: String
  /// The number of equal bytes before it; 0 if it is not in a byte stream.
  public let offset: Int
  /// The common text before it, and after it.
  public let before: String
  public let after: String
  /// The text of each run of each side; equal within a side unless the side varies.
  public let left: [String]
  public let right: [String]
  /// A note, such as that one side varies.
  public let note: String?
  /// Whether a side varies here from run to run.
  public let varies: Bool
}
