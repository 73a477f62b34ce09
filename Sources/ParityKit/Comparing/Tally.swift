/// In how many runs of each side something occurs.
struct Tally<Element: Hashable> {
  private(set) var counts: [Element: (left: Int, right: Int)] = [:]
  private let leftCount: Int
  private let rightCount: Int
  /// Each run has exactly one element, so one of them says nothing new.
  private let isExclusive: Bool

  init(_ left: [Set<Element>], _ right: [Set<Element>], isExclusive: Bool = false) {
    (leftCount, rightCount, self.isExclusive) = (left.count, right.count, isExclusive)
    for run in left { for element in run { counts[element, default: (0, 0)].left += 1 } }
    for run in right { for element in run { counts[element, default: (0, 0)].right += 1 } }
  }

  /// Whether an element is more frequent on one side than chance allows, among all elements that could be.
  var isSignificant: Bool {
    let all = leftCount + rightCount
    let tested = counts.values.filter { count in
      let total = count.left + count.right
      return total >= Limits.frequent && all - total >= Limits.frequent
    }
    let tests = max(1, tested.count - (isExclusive ? 1 : 0))
    return tested.contains {
      Fisher.chance($0.left, of: leftCount, $0.right, of: rightCount) * Double(tests) < Limits.chance
    }
  }

  /// Whether further runs could show that an element is more frequent on one side. In few runs one side always has it,
  /// and the other one never.
  var isSuspicious: Bool {
    counts.values.contains { count in
      if min(leftCount, rightCount) < Limits.confirmingRuns {
        return (count.left == leftCount && count.right == 0) || (count.left == 0 && count.right == rightCount)
      }
      return Fisher.chance(count.left, of: leftCount, count.right, of: rightCount) < Limits.suspicion
    }
  }

  /// Whether one side always has the same element, and the other one would rarely have it by chance if it went on so.
  var isOneSided: Bool {
    counts.values.contains { count in
      guard (count.left == leftCount) != (count.right == rightCount) else { return false }
      if min(leftCount, rightCount) < Limits.confirmingRuns { return true }
      let runs = Limits.maximumRuns
      func expected(_ count: Int, of all: Int) -> Int { (count * runs * 2 + all) / (all * 2) }
      let chance = Fisher.chance(
        expected(count.left, of: leftCount), of: runs, expected(count.right, of: rightCount), of: runs)
      return chance < Limits.unlikely
    }
  }

  /// The element whose frequencies differ most, the rarest of several; nil if no element repeats.
  var unevenness: (value: Element, left: Int, right: Int)? {
    let repeated = counts.filter { $0.value.left + $0.value.right > 1 }
    let most = repeated.max { first, second in
      let (one, other) = (abs(first.value.left - first.value.right), abs(second.value.left - second.value.right))
      let (all, others) = (first.value.left + first.value.right, second.value.left + second.value.right)
      // The order of a dictionary differs in each process.
      return (one, -all, "\(first.key)") < (other, -others, "\(second.key)")
    }
    return most.map { ($0.key, $0.value.left, $0.value.right) }
  }
}

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
