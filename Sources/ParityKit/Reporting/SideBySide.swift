/// Two lists side by side: equal entries share a row, and the entries between them are paired.
struct SideBySide<Element: Hashable> {
  enum Row: Hashable {
    case both(Element)
    case differing(left: Element?, right: Element?)
    /// A number of equal rows that are left out.
    case skipped(Int)
  }

  private(set) var rows: [Row] = []
  /// Whether all rows are equal.
  let isSame: Bool

  init(_ left: [Element], _ right: [Element]) {
    isSame = left == right
    let head = zip(left, right).prefix { $0.0 == $0.1 }.count
    rows = left[..<head].map { .both($0) }
    pair(Array(left[head...].prefix(Limits.rows)), Array(right[head...].prefix(Limits.rows)))
    skip()
  }

  private mutating func pair(_ left: [Element], _ right: [Element]) {
    var (removed, inserted) = (Set<Int>(), Set<Int>())
    for change in right.difference(from: left) {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): inserted.insert(offset)
      }
    }
    var (first, second) = (0, 0)
    while first < left.count || second < right.count {
      let (leftDiffers, rightDiffers) = (removed.contains(first), inserted.contains(second))
      if leftDiffers || rightDiffers {
        rows.append(.differing(left: leftDiffers ? left[first] : nil, right: rightDiffers ? right[second] : nil))
        first += leftDiffers ? 1 : 0
        second += rightDiffers ? 1 : 0
      } else {
        rows.append(.both(left[first]))
        (first, second) = (first + 1, second + 1)
      }
    }
  }

  /// Leaves out equal rows, except at the beginning and next to a difference.
  private mutating func skip() {
    let differing = rows.indices.filter { if case .both = rows[$0] { false } else { true } }
    var kept: [Row] = []
    var skipped = 0
    var next = 0
    for (index, row) in rows.enumerated() {
      while next < differing.count, differing[next] + Limits.contextRows < index { next += 1 }
      let isBeside = next < differing.count && abs(differing[next] - index) <= Limits.contextRows
      if index < Limits.contextRows * 4 || isBeside {
        if skipped > 0 { kept.append(.skipped(skipped)) }
        skipped = 0
        kept.append(row)
      } else {
        skipped += 1
      }
    }
    if skipped > 0 { kept.append(.skipped(skipped)) }
    rows = kept
  }
}
