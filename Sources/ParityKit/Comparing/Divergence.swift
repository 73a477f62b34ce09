/// What the runs have between two tokens that all of them share.
struct Divergence {
  enum Kind { case same, difference, noise, unstable, oneSided }

  let left: [[Token]]
  let right: [[Token]]

  /// The left runs, whose number is given, followed by the right ones.
  init(_ runs: [[Token]], _ leftCount: Int) { (left, right) = (Array(runs[..<leftCount]), Array(runs[leftCount...])) }

  var kind: Kind {
    switch (Set(left).count > 1, Set(right).count > 1) {
    case (false, false): return left.first == right.first ? .same : .difference
    case (true, true):
      guard isBytes else { return .unstable }
      let skeletons = (Self.skeleton(left), Self.skeleton(right))
      let agree = skeletons.0.starts(with: skeletons.1) || skeletons.1.starts(with: skeletons.0)
      guard isAlike, agree else { return .difference }
      return Self.isCutShort(left) || Self.isCutShort(right) ? .unstable : .noise
    default: return .oneSided
    }
  }

  var isBytes: Bool { !(left + right).joined().contains(where: \.isMark) }

  /// Noise of one side that is much longer than the other's is not the same noise.
  private var isAlike: Bool {
    func range(_ runs: [[Token]]) -> (least: Int, most: Int) {
      let lengths = runs.map { $0.reduce(0) { $0 + $1.byteCount } }
      return (lengths.min() ?? 0, lengths.max() ?? 0)
    }
    let (left, right) = (range(left), range(right))
    return left.least <= right.most * 2 + 4 && right.least <= left.most * 2 + 4
  }

  /// One run has a prefix of another's tokens: bytes were lost, which is not noise.
  private static func isCutShort(_ runs: [[Token]]) -> Bool {
    guard let longest = runs.max(by: { $0.count < $1.count }), longest.count > Limits.context / 4 else { return false }
    return runs.contains { $0.count < longest.count && longest.starts(with: $0.dropLast()) }
  }

  /// The tokens that stay equal within a side, without numbers, which may be equal by chance; empty if there are almost
  /// none.
  private static func skeleton(_ runs: [[Token]]) -> [Token] {
    let anchors = Alignment.anchors(runs)
    guard anchors.count * 10 >= (runs.map(\.count).min() ?? 0) * 3 else { return [] }
    return anchors.map { runs[0][$0[0]] }.filter { !$0.isNumber }
  }

  /// Whether the first difference is that the time of one side was over.
  var isHang: Bool {
    let firsts = (left.first ?? [], right.first ?? [])
    let common = zip(firsts.0, firsts.1).prefix { $0.0 == $0.1 }.count
    let (left, right) = (firsts.0.dropFirst(common).first, firsts.1.dropFirst(common).first)
    return (left?.isLate ?? false) != (right?.isLate ?? false)
  }

  private var note: String? {
    switch (Set(left).count > 1, Set(right).count > 1) {
    case (false, false): nil
    case (true, true): "both sides vary from run to run"
    case (true, false): "only the left varies from run to run"
    case (false, true): "only the right varies from run to run"
    }
  }

  /// The difference for a report: common text is cut to some context, and bulk data is shortened.
  func difference(_ observation: String, _ offset: Int?, _ before: String, _ after: String, cuts: String?) -> Difference
  {
    let runs = left + right
    var (same, shortest) = (0, runs.map(\.count).min() ?? 0)
    while same < shortest, runs.allSatisfy({ $0[same] == runs[0][same] }) { same += 1 }
    shortest = max(0, same - Limits.context / 2)
    let shared = runs.first?.prefix(shortest) ?? []
    func shown(_ run: [Token]) -> String {
      run.dropFirst(shortest).prefix(Limits.shown).shown.prefixed(Limits.shown * 2)
    }
    return Difference(
      observation: observation, offset: offset.map { $0 + shared.reduce(0) { $0 + $1.byteCount } } ?? 0,
      before: shared.isEmpty ? before : "…" + shared.suffix(Limits.context / 2).shown.suffixed(Limits.context),
      after: after, left: left.map(shown), right: right.map(shown), note: note ?? cuts, varies: note != nil)
  }
}
