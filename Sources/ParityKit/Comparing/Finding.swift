/// What one channel of one scenario comes to.
public enum Finding: Hashable, Sendable {
  /// Nothing parts but what the masks tell.
  case same(masks: [Mask])
  case different(Difference)
  /// One side was still waited for when the time was over, and the other was not.
  case hung(Difference)
  /// Both sides behave differently from run to run, in what no mask covers.
  case unstable(Difference)
  /// A difference that a file of masks accepts.
  case known(Difference, reason: String)
  /// Nothing is said about this channel.
  case notJudged(reason: String)
  /// Shown side by side, and not compared.
  case measured(left: ResourceUsage, right: ResourceUsage)

  /// Where a cell of the report has one.
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
  /// Which one of the channel's, such as a connection or standard error.
  public let trace: String
  /// What stands before it.
  public let after: String
  /// What the runs of each side had there.
  public let left: [String]
  public let right: [String]

  /// What the same noise has in common, wherever it shows.
  struct Key: Hashable {
    let trace: String
    let after: String
  }

  var key: Key { Key(trace: trace, after: String(after.suffix(12))) }
}

/// The first place where the sides part.
public struct Difference: Hashable, Sendable {
  /// Which one of the channel's, such as a connection or standard error.
  public let trace: String
  /// How many bytes the sides have in common before it; 0 of what is no stream of bytes.
  public let offset: Int
  /// What both have before it, and after it.
  public let before: String
  public let after: String
  /// What each run of each side has there: all the same, unless the side varies.
  public let left: [String]
  public let right: [String]
  /// What else is to be known, such as that one side varies.
  public let note: String?
  /// Whether a side has something else there from run to run.
  public let varies: Bool
}
