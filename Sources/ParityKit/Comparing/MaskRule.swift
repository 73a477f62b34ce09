/// A rule of a masks file: text to ignore in a channel, or a known difference. A rule that never applies is an error.
public struct MaskRule: Hashable, Sendable {
  public let channel: Channel
  /// The scenario; nil: all scenarios.
  public let scenario: String?
  /// A regular expression.
  public let pattern: String
  public let reason: String
  /// Whether it accepts a difference whose text matches, instead of masking text.
  public let isDifference: Bool

  static let keys = ["channel", "scenario", "mask", "difference", "reason"]

  /// Reads a list of rules.
  public static func list(yaml: String, file: String = "masks.yaml") throws(InputError) -> [MaskRule] {
    var all: [MaskRule] = []
    for entry in try YAMLValue(parsing: yaml, file: file).list("masks") { all.append(try MaskRule(entry)) }
    return all
  }

  public static func load(_ path: String) throws(InputError) -> [MaskRule] {
    guard let text = System.text(of: path) else {
      throw InputError(file: path, line: nil, what: "can't be read", allowed: [])
    }
    return try list(yaml: text, file: path)
  }

  init(
    _ pattern: String, in channel: Channel, of scenario: String?, reason: String, isDifference: Bool
  ) {
    (self.pattern, self.channel, self.scenario, self.reason) = (pattern, channel, scenario, reason)
    self.isDifference = isDifference
  }

  private init(_ entry: YAMLValue) throws(InputError) {
    let fields = try entry.fields("a mask", Self.keys)
    guard let channel = fields["channel"], let reason = fields["reason"] else {
      throw entry.refused("a mask needs a channel and a reason", allowed: Self.keys)
    }
    guard let pattern = fields["mask"] ?? fields["difference"], fields["mask"] == nil || fields["difference"] == nil
    else { throw entry.refused("a mask needs exactly one pattern", allowed: ["mask", "difference"]) }
    self.channel = try channel.choice("channel", Channel.self)
    scenario = try fields["scenario"]?.text("scenario")
    self.reason = try reason.text("reason")
    self.pattern = try pattern.text("the pattern")
    isDifference = fields["difference"] != nil
    guard (try? Regex(self.pattern)) != nil, !self.pattern.isEmpty else {
      throw pattern.refused("\"\(self.pattern)\" is not a regular expression")
    }
  }

  /// Matches by Unicode scalar, so that bytes stay bytes.
  private var regex: Regex<AnyRegexOutput>? { try? Regex(pattern).matchingSemantics(.unicodeScalar) }

  func matches(_ difference: Difference) -> Bool {
    guard let regex else { return false }
    let (before, after) = (difference.before, difference.after)
    let texts =
      [difference.observation] + [difference.left, difference.right].map { $0.joined(separator: " ") }
      + [difference.left, difference.right].map { "\(before)\($0.first ?? "")\(after)" }
    return texts.joined(separator: " | ").firstMatch(of: regex) != nil
  }

  /// Replaces matches by `{masked}`; nil if there is none.
  func apply(_ fragments: [Observation.Fragment]) -> [Observation.Fragment]? {
    guard let regex else { return nil }
    var hasMatched = false
    let masked = fragments.map { fragment -> Observation.Fragment in
      switch fragment {
      case .mark(let text, let isLate):
        let replaced = text.replacing(regex, with: "{masked}")
        hasMatched = hasMatched || replaced != text
        return .mark(replaced, isLate: isLate)
      case .bytes(let bytes) where bytes.count <= Limits.named:
        // Each byte is converted to the scalar of its number, and back.
        var text = ""
        for byte in bytes { text.unicodeScalars.append(Unicode.Scalar(byte)) }
        guard text.firstMatch(of: regex) != nil else { return fragment }
        hasMatched = true
        return .bytes(
          text.replacing(regex, with: "{masked}").unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) })
      case .bytes: return fragment
      }
    }
    return hasMatched ? masked : nil
  }
}
