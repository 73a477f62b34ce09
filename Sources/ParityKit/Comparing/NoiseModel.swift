/// What differs between the runs of both sides in one trace: noise, or differences. A pure function of the runs.
struct NoiseModel {
  /// A place where runs differ.
  struct Place {
    let gap: Gap
    /// The number of bytes of the first run before it.
    let offset: Int
    /// The text before and after it, in which noise has a name.
    let before: String
    let after: String
    /// A name for noise, such as `{pid}`.
    let name: String
  }

  private(set) var places: [Place] = []
  /// Text that was too long to align: the bytes before it, and its length in each run.
  private(set) var unjudged: (offset: Int, bytes: [Int])?

  /// - Parameter ports: For each run, left ones first, the numbers that were replaced by names such as `{port}`.
  init(left: [[Observation.Fragment]], right: [[Observation.Fragment]], ports: [[String: String]] = []) {
    let alignment = Alignment(left + right)
    let gaps = alignment.parts.map { part -> Gap? in
      guard case .gap(let segments) = part, !Self.areSamePorts(segments, ports) else { return nil }
      return Gap(left: Array(segments[..<left.count]), right: Array(segments[left.count...]))
    }
    var texts: [String] = []
    for (part, gap) in zip(alignment.parts, gaps) {
      let before = String(texts.suffix(Limits.contextRows * 2).joined().suffix(Limits.context))
      texts.append(Self.text(part, gap, before))
    }
    var offset = alignment.skipped
    for (index, part) in alignment.parts.enumerated() {
      switch part {
      case .common(let tokens): offset += tokens.byteCount
      case .unjudged(let bytes):
        unjudged = unjudged ?? (offset, bytes)
        offset += bytes[0]
      case .gap(let segments):
        if let gap = gaps[index], gap.kind != .same {
          let after = texts.indices[(index + 1)...].prefix(Limits.contextRows * 2).prefix {
            gaps[$0]?.kind != .difference
          }
          places.append(
            Place(
              gap: gap, offset: offset,
              before: texts[..<index].suffix(Limits.contextRows * 2).joined().suffixed(Limits.context),
              after: after.map { texts[$0] }.joined().prefixed(Limits.context),
              name: texts[index]))
        }
        offset += segments[0].byteCount
      }
    }
  }

  /// Whether all places keep their kind in further runs.
  var isSettled: Bool { places.allSatisfy(\.gap.isSettled) }

  /// The ends of a part, as far as a report shows them; noise has a name.
  private static func text(_ part: Alignment.Part, _ gap: Gap?, _ before: String) -> String {
    switch part {
    case .common(let tokens):
      let (first, last) = (tokens.prefix(Limits.context), tokens.suffix(Limits.context))
      if tokens.count <= Limits.context { return tokens.map(\.shown).joined() }
      return first.shown + "…" + last.shown
    case .unjudged: return "⟨not judged⟩"
    case .gap(let segments):
      guard let gap else { return segments[0].shown }
      return gap.kind == .noise ? NoiseName.name(of: gap, after: before) : "⟨…⟩"
    }
  }

  // MARK: Ports

  /// A number that equals a run's port was replaced by a name in that run only. It is the same if the runs printed the
  /// same number.
  private static func areSamePorts(_ segments: [[Token]], _ ports: [[String: String]]) -> Bool {
    guard ports.count == segments.count, segments.joined().contains(.text([UInt8(ascii: "{")])) else { return false }
    let printed = zip(segments, ports).map { tokens, names in
      names.reduce(tokens.map(\.shown).joined()) { $0.replacing($1.key, with: $1.value) }
    }
    return printed.allSatisfy { $0 == printed[0] }
  }
}

extension Sequence<Token> {
  var shown: String { map(\.shown).joined() }
}

extension String {
  func suffixed(_ count: Int) -> String { self.count <= count ? self : "…" + suffix(count) }

  func prefixed(_ count: Int) -> String { self.count <= count ? self : prefix(count) + "…" }
}
