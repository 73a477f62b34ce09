/// Several runs side by side: the tokens that all of them share, and the gaps between these.
struct Alignment {
  enum Part: Hashable {
    case common([Token])
    /// The tokens of each run, in the order of the runs.
    case gap([[Token]])
  }

  /// Empty if all runs are equal.
  private(set) var parts: [Part] = []
  /// The number of equal bytes before the first part.
  private(set) var skipped = 0

  init(_ runs: [[Observation.Fragment]]) {
    guard let first = runs.first, !runs.allSatisfy({ $0 == first }) else { return }
    let rest = skipCommonBytes(runs)
    let tokens = rest.map { Token.list($0[...]) }
    let shortest = tokens.map(\.count).min() ?? 0
    var (head, tail) = (0, 0)
    while head < shortest, tokens.allSatisfy({ $0[head] == tokens[0][head] }) { head += 1 }
    while tail < shortest - head,
      tokens.allSatisfy({ $0[$0.count - 1 - tail] == tokens[0][tokens[0].count - 1 - tail] })
    { tail += 1 }
    if head > 0 { parts.append(.common(Array(tokens[0][..<head]))) }
    addMiddle(tokens.map { Array($0[head..<($0.count - tail)]) })
    if tail > 0 { parts.append(.common(Array(tokens[0].suffix(tail)))) }
  }

  /// Skips the bytes with which all runs begin, except for some context, so that bulk data is not split into tokens.
  private mutating func skipCommonBytes(_ runs: [[Observation.Fragment]]) -> [[Observation.Fragment]] {
    var rest = runs
    for index in 0..<(runs.map(\.count).min() ?? 0) {
      let bytes = rest.map { run in if case .bytes(let bytes) = run[index] { bytes } else { [UInt8]() } }
      var count = 0
      let shortest = bytes.map(\.count).min() ?? 0
      while count < shortest, bytes.allSatisfy({ $0[count] == bytes[0][count] }) { count += 1 }
      if count > Limits.context {
        for run in rest.indices { rest[run][index] = .bytes(Array(bytes[run][(count - Limits.context)...])) }
        skipped += count - Limits.context
      }
      if !rest.allSatisfy({ $0[index] == rest[0][index] }) { break }
    }
    return rest
  }

  /// The tokens of each run from a part on, as far as a report shows them.
  func from(_ index: Int) -> [[Token]] {
    guard case .gap(let segments)? = parts.dropFirst(index).first else { return [] }
    return segments.indices.map { run in
      parts[index...].reduce(into: [Token]()) { tokens, part in
        guard tokens.count < Limits.shown else { return }
        switch part {
        case .common(let common): tokens += common
        case .gap(let segments): tokens += segments[run]
        }
      }
    }
  }

  // MARK: Anchors

  private mutating func addMiddle(_ runs: [[Token]]) {
    let anchors = Self.anchors(runs)
    // Runs that share almost nothing, such as random bytes, are one gap.
    let shortest = runs.map(\.count).min() ?? 0
    let kept = anchors.count * 10 >= shortest * 3 ? anchors : anchors.filter { runs[0][$0[0]].isMark }
    var from = runs.map { _ in 0 }
    for anchor in kept + [runs.map(\.count)] {
      let segments = runs.indices.map { Array(runs[$0][from[$0]..<anchor[$0]]) }
      if segments.contains(where: { !$0.isEmpty }) { parts.append(.gap(segments)) }
      if anchor[0] < runs[0].count { append(runs[0][anchor[0]]) }
      from = anchor.map { $0 + 1 }
    }
  }

  private mutating func append(_ token: Token) {
    if case .common(let tokens)? = parts.last {
      parts[parts.count - 1] = .common(tokens + [token])
    } else {
      parts.append(.common([token]))
    }
  }

  /// Tokens that all runs have in the same order: the index in each run.
  static func anchors(_ runs: [[Token]]) -> [[Int]] {
    var anchors = runs[0].indices.map { [$0] }
    for run in runs.dropFirst() {
      let pairs = longestCommon(anchors.map { runs[0][$0[0]] }, run)
      anchors = pairs.map { anchors[$0.first] + [$0.second] }
    }
    return anchors
  }

  /// The longest common subsequence as pairs of indices. Both inputs are bounded, and so is the table.
  private static func longestCommon(_ first: [Token], _ second: [Token]) -> [(first: Int, second: Int)] {
    let width = second.count + 1
    // Compares numbers instead of tokens: equal tokens get equal numbers.
    var numbers: [Token: Int32] = [:]
    func number(_ token: Token) -> Int32 {
      let next = Int32(numbers.count)
      return numbers[token]
        ?? {
          numbers[token] = next; return next
        }()
    }
    let (rows, columns) = (first.map(number), second.map(number))
    var lengths = [UInt16](repeating: 0, count: (first.count + 1) * width)
    for row in stride(from: first.count - 1, through: 0, by: -1) {
      for column in stride(from: second.count - 1, through: 0, by: -1) {
        let index = row * width + column
        lengths[index] =
          rows[row] == columns[column]
          ? lengths[index + width + 1] + 1 : max(lengths[index + width], lengths[index + 1])
      }
    }
    var (row, column) = (0, 0)
    var pairs: [(first: Int, second: Int)] = []
    while row < first.count, column < second.count {
      let index = row * width + column
      if rows[row] == columns[column] {
        pairs.append((row, column))
        (row, column) = (row + 1, column + 1)
      } else if lengths[index + width] >= lengths[index + 1] {
        row += 1
      } else {
        column += 1
      }
    }
    return pairs
  }
}
