/// Several runs side by side: the text that all of them share, and the gaps between. Runs are aligned by lines first,
/// and then by tokens within lines that differ, so that long output needs no limit.
struct Alignment {
  enum Part: Hashable {
    /// Tokens, or whole lines.
    case common([Token])
    /// The tokens of each run, in the order of the runs.
    case gap([[Token]])
    /// Text that is too long to align: the number of bytes of each run.
    case unjudged([Int])
  }

  /// Empty if all runs are equal.
  private(set) var parts: [Part] = []
  /// The number of equal bytes before the first part.
  private(set) var skipped = 0

  init(_ runs: [[Observation.Fragment]]) {
    guard let first = runs.first, !runs.allSatisfy({ $0 == first }) else { return }
    // Bulk data repeats its lines.
    var known: [[[Token]]: [Part]] = [:]
    for part in LineAlignment(skipCommonBytes(runs).map(Token.lines)).parts {
      switch part {
      case .common(let lines): append(.common(lines))
      case .block(let lines) where lines.contains(where: \.isEmpty): append(lines)
      case .block(let lines): for part in Self.tokens(lines) { append(part) }
      case .paired(let lines):
        let parts = known[lines] ?? Self.tokens(lines)
        known[lines] = parts
        for part in parts { append(part) }
      }
    }
  }

  /// The parts of lines that differ.
  private static func tokens(_ lines: [[Token]]) -> [Part] {
    var alignment = Alignment([])
    alignment.alignTokens(lines)
    return alignment.parts
  }

  /// Skips the bytes with which all runs begin, except for some context, so that bulk data is not split into tokens.
  private mutating func skipCommonBytes(_ runs: [[Observation.Fragment]]) -> [[Observation.Fragment]] {
    var rest = runs
    for index in 0..<(runs.map(\.count).min() ?? 0) {
      let bytes = rest.map { run in if case .bytes(let bytes) = run[index] { bytes } else { [UInt8]() } }
      var count = 0
      let shortest = bytes.map(\.count).min() ?? 0
      while count < shortest, bytes.allSatisfy({ $0[count] == bytes[0][count] }) { count += 1 }
      // A line is kept whole, because lines are aligned.
      let newline = bytes.first?[..<count].lastIndex(of: 10).map { $0 + 1 } ?? 0
      let cut = count - newline <= Limits.line ? newline : count - Limits.context
      if cut > Limits.context {
        let last = bytes[0][..<(cut - 1)].lastIndex(of: 10).map { $0 + 1 } ?? 0
        let start = cut - last <= Limits.line ? last : cut - Limits.context
        for run in rest.indices { rest[run][index] = .bytes(Array(bytes[run][start...])) }
        skipped += start
      }
      if !rest.allSatisfy({ $0[index] == rest[0][index] }) { break }
    }
    return rest
  }

  // MARK: Parts

  private mutating func append(_ part: Part) {
    switch (parts.last, part) {
    case (.common(let before), .common(let more)): parts[parts.count - 1] = .common(before + more)
    case (.gap(let before), .gap(let more)): parts[parts.count - 1] = .gap(zip(before, more).map { $0 + $1 })
    case (.unjudged(let before), .unjudged(let more)): parts[parts.count - 1] = .unjudged(zip(before, more).map(+))
    default: parts.append(part)
    }
  }

  private mutating func append(_ segments: [[Token]]) {
    if segments.contains(where: { !$0.isEmpty }) { append(.gap(segments)) }
  }

  // MARK: Tokens

  private mutating func alignTokens(_ lines: [[Token]]) {
    let runs = lines.map(Token.words)
    let shortest = runs.map(\.count).min() ?? 0
    var (head, tail) = (0, 0)
    while head < shortest, runs.allSatisfy({ $0[head] == runs[0][head] }) { head += 1 }
    while tail < shortest - head, runs.allSatisfy({ $0[$0.count - 1 - tail] == runs[0][runs[0].count - 1 - tail] }) {
      tail += 1
    }
    if head > 0 { append(.common(Array(runs[0][..<head]))) }
    let middles = runs.map { Array($0[head..<($0.count - tail)]) }
    if middles.contains(where: \.isEmpty) {
      append(middles)
    } else if Self.areTooLong(middles.map(\.count)) {
      append(.unjudged(middles.map(\.byteCount)))
    } else {
      alignMiddle(middles)
    }
    if tail > 0 { append(.common(Array(runs[0].suffix(tail)))) }
  }

  /// Whether a table of the shortest and the longest run is too large.
  private static func areTooLong(_ counts: [Int]) -> Bool {
    let (shortest, longest) = (counts.min() ?? 0, counts.max() ?? 0)
    return longest > Limits.tokens && shortest * longest > Limits.table
  }

  private mutating func alignMiddle(_ runs: [[Token]]) {
    let anchors = CommonSubsequence.anchors(runs)
    // Runs that share almost nothing, such as random bytes, are one gap.
    let shortest = runs.map(\.count).min() ?? 0
    let kept = anchors.count * 10 >= shortest * 3 ? anchors : anchors.filter { runs[0][$0[0]].isMark }
    var from = runs.map { _ in 0 }
    for anchor in kept + [runs.map(\.count)] {
      append(runs.indices.map { Array(runs[$0][from[$0]..<anchor[$0]]) })
      if anchor[0] < runs[0].count { append(.common([runs[0][anchor[0]]])) }
      from = anchor.map { $0 + 1 }
    }
  }
}

extension Sequence<Token> {
  var byteCount: Int { reduce(0) { $0 + $1.byteCount } }
}
