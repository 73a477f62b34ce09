/// What the runs have between two texts that all of them share, and whether it is noise.
struct Gap {
  enum Kind { case same, difference, noise, varies }

  let left: [[Token]]
  let right: [[Token]]
  let kind: Kind
  /// Whether further runs can't change the kind, except by chance.
  let isSettled: Bool
  /// How often each side has a value that both, or only one, of them has; nil if no value repeats.
  let frequency: String?

  init(left: [[Token]], right: [[Token]]) {
    (self.left, self.right) = (left, right)
    let tally = Tally(left.map { [$0] }, right.map { [$0] }, isExclusive: true)
    let isLast = min(left.count, right.count) >= Limits.maximumRuns
    let constant = (left: Set(left).count == 1, right: Set(right).count == 1)
    let isShared = tally.counts.values.contains { $0.left > 0 && $0.right > 0 }
    if constant.left, constant.right, left.first == right.first {
      (kind, isSettled, frequency) = (.same, true, nil)
    } else if tally.isSignificant {
      // A value that one side has more often.
      (kind, isSettled) = (.difference, true)
      frequency = isShared ? tally.unevenness.map { Self.words($0, left.count, right.count) } : nil
    } else if constant.left, constant.right {
      (kind, isSettled, frequency) = (.difference, isLast, nil)
    } else {
      let isOneSided = !isShared && (constant.left || constant.right)
      // Often enough, noise that both have shows on both.
      let isRare = isShared && (constant.left || constant.right)
      let isFew = min(left.count, right.count) < Limits.confirmingRuns
      let uneven = isShared ? tally.unevenness.map { Self.words($0, left.count, right.count) } : nil
      if (left + right).joined().contains(where: \.isMark) {
        let common = tally.counts.values.reduce(0) { $0 + ($1.left > 0 && $1.right > 0 ? $1.left + $1.right : 0) }
        let overlaps = common * 2 >= left.count + right.count
        let isNoise = overlaps && (!isRare || isFew)
        kind = if isOneSided { .difference } else { isNoise ? .noise : .varies }
        (isSettled, frequency) = (isLast || (isNoise && !tally.isOneSided), uneven)
      } else {
        let shape = Self.shape(left, right)
        let isUneven = shape.isSignificant || Self.isMuchLonger(left, right)
        let isDifference = isUneven || (isOneSided && !isLast)
        kind = if isDifference { .difference } else { isRare && !isFew ? .varies : .noise }
        isSettled =
          isLast || shape.isSignificant
          || !(isRare || tally.isOneSided || tally.isSuspicious || shape.isSuspicious || isUneven)
        let feature = shape.isSignificant ? shape.unevenness : nil
        frequency = feature.map { Self.words("\($0.value)", $0.left, left.count, $0.right, right.count) } ?? uneven
      }
    }
  }

  private static func shape(_ left: [[Token]], _ right: [[Token]]) -> Tally<NoiseFeature> {
    let varies = Set((left + right).map(\.byteCount)).count > 1
    return Tally(
      left.map { NoiseFeature.all($0, fromEnd: varies) }, right.map { NoiseFeature.all($0, fromEnd: varies) })
  }

  /// Noise of one side that is always much longer than the other's is not the same noise.
  private static func isMuchLonger(_ left: [[Token]], _ right: [[Token]]) -> Bool {
    let (left, right) = (left.map(\.byteCount), right.map(\.byteCount))
    guard let least = left.min(), let most = left.max(), let other = right.min(), let longest = right.max() else {
      return false
    }
    return least > longest * 2 + 4 || other > most * 2 + 4
  }

  private static func words(
    _ uneven: (value: [Token], left: Int, right: Int), _ leftCount: Int, _ rightCount: Int
  ) -> String {
    let value = uneven.value.isEmpty ? "nothing" : "\"\(uneven.value.shown.prefixed(Limits.context / 2))\""
    return words(value, uneven.left, leftCount, uneven.right, rightCount)
  }

  private static func words(
    _ what: String, _ left: Int, _ leftCount: Int, _ right: Int, _ rightCount: Int
  ) -> String { "\(what) in \(left) of \(leftCount) left runs and \(right) of \(rightCount) right runs" }

  var leftVaries: Bool { Set(left).count > 1 }
  var rightVaries: Bool { Set(right).count > 1 }

  /// Whether the first difference is that the time of one side was over.
  var isHang: Bool {
    let firsts = (left.first ?? [], right.first ?? [])
    let common = zip(firsts.0, firsts.1).prefix { $0.0 == $0.1 }.count
    let (left, right) = (firsts.0.dropFirst(common).first, firsts.1.dropFirst(common).first)
    return (left?.isLate ?? false) != (right?.isLate ?? false)
  }
}
