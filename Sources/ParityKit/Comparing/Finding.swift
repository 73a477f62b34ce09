/// The result of one channel in one scenario.
public enum Finding: Hashable, Sendable {
  /// Nothing differs except what masks cover.
  case same(masks: [Mask])
  case different(Difference)
  /// One side exceeded its time, and the other one did not.
  case hung(Difference)
  /// Some runs differ, which is neither a difference of the sides nor noise that both have.
  case varies(Difference)
  /// Judged only in part, because too many lines vary to align them.
  case partly(Difference)
  /// A difference of the calls, which nobody outside can notice, or of the time. It does not decide the verdict.
  case noted(Difference)
  /// A difference that a masks file accepts.
  case known(Difference, reason: String)
  /// The channel was not judged.
  case notJudged(reason: String)
  /// Shown side by side, not compared.
  case measured(left: ResourceUsage, right: ResourceUsage)

  /// The difference, if there is one.
  public var difference: Difference? {
    switch self {
    case .different(let difference), .hung(let difference), .varies(let difference), .partly(let difference),
      .noted(let difference), .known(let difference, _):
      difference
    case .same, .notJudged, .measured: nil
    }
  }

  var isNote: Bool {
    if case .noted = self { true } else { false }
  }

  public var verdict: Verdict {
    switch self {
    case .different: .different
    case .hung, .partly: .notJudged
    case .varies: .varies
    case .same, .noted, .known, .notJudged, .measured: .same
    }
  }
}

/// Something that varies within the sides, and so is not compared.
public struct Mask: Hashable, Sendable {
  /// The name within the channel, such as a connection or standard error.
  public let observation: String
  /// A name for the text, such as `{pid}`.
  public let name: String
  /// The text before it.
  public let after: String
  /// The values in the runs of each side.
  public let left: [String]
  public let right: [String]
  /// How often each side has a value, if values repeat; or why the rest is not judged.
  public let note: String?
  /// Whether further runs can't show that it is a difference.
  let isSettled: Bool

  /// A key that is equal for the same noise in other scenarios.
  struct Key: Hashable {
    let observation: String
    let name: String
    let after: String
  }

  /// The text before it counts only from its line or event on: the same noise occurs after other events.
  var key: Key {
    let line = after.split(separator: "\\n", omittingEmptySubsequences: false).last ?? ""
    let rest = line.split(separator: "⟩", omittingEmptySubsequences: false).last ?? ""
    return Key(
      observation: observation.hasPrefix("connection") ? "connection" : observation, name: name,
      after: String(rest.suffix(12)).replacing(/[0-9]+/, with: "0"))
  }
}

extension Mask {
  /// What follows the maximum number of bytes of a trace, which is not kept.
  init(beyondMaximumOf observation: String) {
    self.init(
      observation: observation, name: Self.rest, after: "", left: [], right: [],
      note: "not judged beyond byte \(Limits.received)", isSettled: true)
  }

  /// Noise in more places than a report lists.
  init(furtherPlaces count: Int, in name: String, isSettled: Bool) {
    self.init(
      observation: name, name: "{varies}", after: "", left: [], right: [], note: "in \(count) more places",
      isSettled: isSettled)
  }

  /// Lines whose order varies.
  init(orderOfLinesIn name: String) {
    self.init(
      observation: name, name: "{order}", after: "", left: [], right: [], note: "the order of its lines",
      isSettled: true)
  }

  private static let rest = "{rest}"

  var isRest: Bool { name == Self.rest }
}

/// A difference between the sides.
public struct Difference: Hashable, Sendable {
  /// The name within the channel, such as a connection or standard error.
  public let observation: String
  /// The number of equal bytes before it; 0 if it is not in a byte stream.
  public let offset: Int
  /// The common text before it, and after it. Noise in it has a name, such as `{pid}`.
  public let before: String
  public let after: String
  /// The text of each run of each side; equal within a side unless the side varies.
  public let left: [String]
  public let right: [String]
  /// A note, such as that one side varies, or how often each side did it.
  public let note: String?
  /// Whether further runs can't show that it is noise.
  let isSettled: Bool
  /// Further differences of the channel in the scenario.
  public internal(set) var others: [Difference] = []

  init(
    observation: String, offset: Int, before: String, after: String, left: [String], right: [String], note: String?,
    isSettled: Bool = true, others: [Difference] = []
  ) {
    (self.observation, self.offset, self.before, self.after) = (observation, offset, before, after)
    (self.left, self.right, self.note, self.isSettled, self.others) = (left, right, note, isSettled, others)
  }

  /// Whether a side varies here from run to run.
  public var varies: Bool { Set(left).count > 1 || Set(right).count > 1 }

  var withoutOthers: Difference {
    var copy = self
    copy.others = []
    return copy
  }

  /// This difference and the further ones.
  public var all: [Difference] { [withoutOthers] + others }
}

extension Mask {
  init(_ observation: String, _ place: NoiseModel.Place, in model: NoiseModel) {
    let (gap, around) = (place.gap, model.surroundings(of: place))
    self.init(
      observation: observation, name: around.name, after: around.before, left: gap.left.map(\.excerpt).distinct,
      right: gap.right.map(\.excerpt).distinct, note: gap.frequency, isSettled: gap.isSettled)
  }
}

extension Difference {
  init(
    _ observation: String, _ place: NoiseModel.Place, in model: NoiseModel, hasOffset: Bool, note: String? = nil
  ) {
    let (gap, around) = (place.gap, model.surroundings(of: place))
    let variation: String? =
      switch (gap.leftVaries, gap.rightVaries) {
      case (false, false): nil
      case (true, true): "both sides vary from run to run"
      case (true, false): "only the left varies from run to run"
      case (false, true): "only the right varies from run to run"
      }
    self.init(
      observation: observation, offset: hasOffset ? place.offset : 0, before: around.before, after: around.after,
      left: gap.left.map(\.excerpt), right: gap.right.map(\.excerpt), note: gap.frequency ?? variation ?? note,
      isSettled: gap.isSettled)
  }
}

extension [Token] {
  /// The text for a report, shortened.
  fileprivate var excerpt: String { prefix(Limits.shown).shown.prefixed(Limits.shown * 2) }
}
