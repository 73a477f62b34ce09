/// What differs between the runs of both sides in one trace: noise, or differences. A pure function of the runs.
struct NoiseModel {
  /// A place where runs differ.
  struct Place {
    let gap: Gap
    /// The number of bytes of the first run before it.
    let offset: Int
    fileprivate let index: Int
  }

  /// What a report shows around a place.
  struct Surroundings {
    /// The text before and after it, in which noise has a name.
    let before: String
    let after: String
    /// A name for noise, such as `{pid}`.
    let name: String
  }

  private(set) var places: [Place] = []
  /// Text that was too long to align: the bytes before it, and its length in each run.
  private(set) var unjudged: (offset: Int, bytes: [Int])?
  private let parts: [Alignment.Part]
  private let gaps: [Gap?]

  /// The captured values of each run, left ones first.
  private let captured: [[String: String]]

  /// - Parameters:
  ///   - ports: For each run, left ones first, the numbers that were replaced by names such as `{port}`.
  ///   - captured: The captured values of each run: noise that is one of them has its name.
  init(
    left: [[Observation.Fragment]], right: [[Observation.Fragment]], ports: [[String: String]] = [],
    captured: [[String: String]] = []
  ) {
    self.captured = captured
    let (distinct, numbers) = Self.distinct(left + right)
    let alignment = Alignment(distinct)
    // Bulk data repeats its differences.
    var known: [[[Token]]: Gap] = [:]
    parts = alignment.parts
    gaps = alignment.parts.map { part -> Gap? in
      guard case .gap(let texts) = part else { return nil }
      let segments = numbers.map { texts[$0] }
      if Self.areSamePorts(segments, ports) { return nil }
      let gap = known[texts] ?? Gap(left: Array(segments[..<left.count]), right: Array(segments[left.count...]))
      known[texts] = gap
      return gap
    }
    var offset = alignment.skipped
    for (index, part) in parts.enumerated() {
      switch part {
      case .common(let tokens): offset += tokens.byteCount
      case .unjudged(let bytes):
        unjudged = unjudged ?? (offset, numbers.map { bytes[$0] })
        offset += bytes[0]
      case .gap(let texts):
        if let gap = gaps[index], gap.kind != .same { places.append(Place(gap: gap, offset: offset, index: index)) }
        offset += texts[0].byteCount
      }
    }
  }

  /// The runs without repetitions, and the number of each run among them: most runs of a side are equal.
  private static func distinct(_ runs: [[Observation.Fragment]]) -> ([[Observation.Fragment]], [Int]) {
    var distinct: [[Observation.Fragment]] = []
    let numbers = runs.map { run in
      if let known = distinct.firstIndex(of: run) { return known }
      distinct.append(run)
      return distinct.count - 1
    }
    return (distinct, numbers)
  }

  /// The text around a place. It is made when it is shown: bulk data may differ in each line.
  func surroundings(of place: Place) -> Surroundings {
    let (index, near) = (place.index, Limits.contextRows * 2)
    let first = max(0, index - near * 2)
    var texts: [String] = []
    for part in first..<min(parts.count, index + near + 1) {
      let before = String(texts.suffix(near).joined().suffix(Limits.context))
      texts.append(text(parts[part], gaps[part], before))
    }
    let own = index - first
    let after = texts.indices[(own + 1)...].prefix { gaps[first + $0]?.kind != .difference }
    return Surroundings(
      before: texts[..<own].suffix(near).joined().suffixed(Limits.context),
      after: after.map { texts[$0] }.joined().prefixed(Limits.context), name: texts[own])
  }

  /// Whether all places keep their kind in further runs.
  var isSettled: Bool { places.allSatisfy(\.gap.isSettled) }

  /// The ends of a part, as far as a report shows them; noise has a name.
  private func text(_ part: Alignment.Part, _ gap: Gap?, _ before: String) -> String {
    switch part {
    case .common(let tokens):
      let (first, last) = (tokens.prefix(Limits.context), tokens.suffix(Limits.context))
      if tokens.count <= Limits.context { return tokens.map(\.shown).joined() }
      return first.shown + "…" + last.shown
    case .unjudged: return "⟨not judged⟩"
    case .gap(let segments):
      guard let gap else { return segments[0].shown }
      if gap.kind != .noise { return "⟨…⟩" }
      return capturedName(gap) ?? NoiseName.name(of: gap, after: before)
    }
  }

  /// The name of the captured value of which each run's text is a part.
  private func capturedName(_ gap: Gap) -> String? {
    let segments = gap.left + gap.right
    guard captured.count == segments.count else { return nil }
    let name = captured.first?.keys.sorted().first { name in
      zip(segments, captured).allSatisfy { tokens, values in
        let (text, value) = (tokens.shown, values[name] ?? "")
        return !text.isEmpty && (text == value || text.count >= Limits.capturedPart && value.contains(text))
      }
    }
    return name.map { "{\($0)}" }
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
