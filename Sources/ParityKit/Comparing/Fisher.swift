/// Fisher's exact test: whether one side does something more often than the other one, beyond chance.
enum Fisher {
  /// The probability of a table at least as uneven as this one, if both sides do it equally often.
  ///
  /// - Parameters:
  ///   - left: How many of the `leftCount` runs of the left did it.
  ///   - right: How many of the `rightCount` runs of the right did it.
  static func chance(_ left: Int, of leftCount: Int, _ right: Int, of rightCount: Int) -> Double {
    let (total, all) = (left + right, leftCount + rightCount)
    let range = max(0, total - rightCount)...min(total, leftCount)
    // Weights relative to the mode, so that no factorial overflows.
    let mode = min(max((total + 1) * (leftCount + 1) / (all + 2), range.lowerBound), range.upperBound)
    var weights = [mode: 1.0]
    func ratio(_ count: Int) -> Double {
      Double(total - count) * Double(leftCount - count)
        / (Double(count + 1) * Double(rightCount - total + count + 1))
    }
    for count in mode..<range.upperBound { weights[count + 1] = (weights[count] ?? 0) * ratio(count) }
    for count in stride(from: mode, to: range.lowerBound, by: -1) {
      weights[count - 1] = (weights[count] ?? 0) / ratio(count - 1)
    }
    // Equal weights may differ in their last digits.
    let own = (weights[left] ?? 0) * (1 + 1e-9)
    let uneven = weights.values.filter { $0 <= own }.sorted().reduce(0, +)
    return uneven / weights.values.sorted().reduce(0, +)
  }
}
