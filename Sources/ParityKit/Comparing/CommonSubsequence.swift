/// Tokens that several runs have in the same order.
enum CommonSubsequence {
  /// The index of each common token in each run. The first half of the runs is one side, and the other half the other
  /// one. They alternate: if one side was aligned first, its runs would share by choice what the other ones lack.
  static func anchors<Element: Hashable>(_ runs: [[Element]]) -> [[Int]] {
    let half = (runs.count + 1) / 2
    var order = (0..<half).flatMap { [$0, $0 + half] }.filter(runs.indices.contains)
    // A table of two long runs would be too large; one of a long run and the shortest is not.
    if runs.contains(where: { $0.count > Limits.tokens }) { order.sort { runs[$0].count < runs[$1].count } }
    let base = runs[order[0]]
    var anchors = base.indices.map { [$0] }
    for run in order.dropFirst() {
      let pairs = longest(anchors.map { base[$0[0]] }, runs[run])
      anchors = pairs.map { anchors[$0.first] + [$0.second] }
    }
    let places = runs.indices.compactMap(order.firstIndex)
    return anchors.map { anchor in places.map { anchor[$0] } }
  }

  /// The longest common subsequence as pairs of indices. Both inputs are bounded, and so is the table.
  private static func longest<Element: Hashable>(
    _ first: [Element], _ second: [Element]
  ) -> [(first: Int, second: Int)] {
    let width = second.count + 1
    // Compares numbers instead of tokens: equal tokens get equal numbers.
    var numbers: [Element: Int32] = [:]
    func number(_ element: Element) -> Int32 {
      if let known = numbers[element] { return known }
      let next = Int32(numbers.count)
      numbers[element] = next
      return next
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

  /// The longest increasing subsequence, as indices.
  static func increasing(_ values: [Int]) -> [Int] {
    var (tails, previous) = ([Int](), [Int?](repeating: nil, count: values.count))
    for (index, value) in values.enumerated() {
      var (low, high) = (0, tails.count)
      while low < high {
        let middle = (low + high) / 2
        if values[tails[middle]] < value { low = middle + 1 } else { high = middle }
      }
      previous[index] = low > 0 ? tails[low - 1] : nil
      if low < tails.count { tails[low] = index } else { tails.append(index) }
    }
    var (chain, next) = ([Int](), tails.last)
    while let index = next {
      chain.append(index)
      next = previous[index]
    }
    return chain.reversed()
  }
}
