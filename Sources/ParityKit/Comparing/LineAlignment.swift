/// Aligns the lines of several runs. Lines that occur once in each run are anchors (patience diff), so the time grows
/// with the number of lines, not with its square.
struct LineAlignment {
  enum Part {
    /// Lines that all runs share.
    case common([Token])
    /// One line of each run.
    case paired([[Token]])
    /// Different numbers of lines of each run.
    case block([[Token]])
  }

  private(set) var parts: [Part] = []
  private let runs: [[Token]]
  /// Equal lines have equal numbers.
  private let numbers: [[Int]]

  init(_ runs: [[Token]]) {
    self.runs = runs
    var known: [Token: Int] = [:]
    numbers = runs.map { run in
      run.map { line in
        let number = known[line] ?? known.count
        known[line] = number
        return number
      }
    }
    align(runs.map { 0..<$0.count })
  }

  private mutating func align(_ ranges: [Range<Int>]) {
    let first = ranges[0]
    let shortest = ranges.map(\.count).min() ?? 0
    var (head, tail) = (0, 0)
    while head < shortest, isEqual(ranges.map { $0.lowerBound + head }) { head += 1 }
    while tail < shortest - head, isEqual(ranges.map { $0.upperBound - 1 - tail }) { tail += 1 }
    addCommon(first.lowerBound..<first.lowerBound + head)
    let middle = ranges.map { $0.lowerBound + head..<$0.upperBound - tail }
    let anchors = middle.contains { $0.isEmpty } ? [] : uniqueLines(middle)
    if anchors.isEmpty {
      addBlock(middle)
    } else {
      var from = middle.map(\.lowerBound)
      for anchor in anchors + [middle.map(\.upperBound)] {
        align(zip(from, anchor).map { $0..<$1 })
        if anchor[0] < middle[0].upperBound { addCommon(anchor[0]..<anchor[0] + 1) }
        from = anchor.map { $0 + 1 }
      }
    }
    addCommon(first.upperBound - tail..<first.upperBound)
  }

  private func isEqual(_ indices: [Int]) -> Bool {
    let own = numbers[0][indices[0]]
    return zip(numbers, indices).allSatisfy { $0[$1] == own }
  }

  private mutating func addCommon(_ range: Range<Int>) {
    if !range.isEmpty { parts.append(.common(Array(runs[0][range]))) }
  }

  /// The lines that occur once in each run, in the same order in all of them: the index in each run.
  private func uniqueLines(_ ranges: [Range<Int>]) -> [[Int]] {
    let places = zip(numbers, ranges).map { run, range in
      range.reduce(into: [Int: Int]()) { $0[run[$1]] = $0[run[$1]] == nil ? $1 : -1 }
    }
    var anchors = ranges[0].compactMap { index -> [Int]? in
      let found = places.compactMap { $0[numbers[0][index]] }
      return found.count == places.count && !found.contains(-1) ? found : nil
    }
    for run in ranges.indices.dropFirst() {
      let kept = CommonSubsequence.increasing(anchors.map { $0[run] })
      anchors = kept.map { anchors[$0] }
    }
    return anchors
  }

  // MARK: Lines that differ

  private mutating func addBlock(_ ranges: [Range<Int>]) {
    if ranges.allSatisfy(\.isEmpty) { return }
    if ranges.allSatisfy({ $0.count == ranges[0].count }) {
      for offset in 0..<ranges[0].count { addPair(ranges.map { $0.lowerBound + offset }) }
      return
    }
    let isLong = (ranges.map(\.count).max() ?? 0) > Limits.tokens
    let anchors = isLong ? [] : CommonSubsequence.anchors(zip(runs, ranges).map { $0[$1].map(\.shape) })
    var from = ranges.map(\.lowerBound)
    for anchor in anchors + [ranges.map(\.count)] {
      let ends = zip(ranges, anchor).map { $0.lowerBound + $1 }
      let rest = zip(from, ends).map { $0..<$1 }
      if rest.contains(where: { !$0.isEmpty }) {
        parts.append(.block(zip(runs, rest).map { Array($0[$1]) }))
      }
      if anchor[0] < ranges[0].count { addPair(ends) }
      from = ends.map { $0 + 1 }
    }
  }

  private mutating func addPair(_ indices: [Int]) {
    if isEqual(indices) { return addCommon(indices[0]..<indices[0] + 1) }
    parts.append(.paired(zip(runs, indices).map { [$0[$1]] }))
  }
}

extension Token {
  /// A line without its numbers, so that two lines of one kind are equal.
  fileprivate var shape: [Token] {
    guard case .text = self else { return [self] }
    return Token.words([self]).map { $0.isNumber ? .mark("number") : $0 }
  }
}
