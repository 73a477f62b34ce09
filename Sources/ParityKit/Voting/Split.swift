/// How programs divide into groups that behave the same: a pure function of the comparisons of all pairs.
public struct Split: Hashable, Sendable {
  /// What a comparison of two programs found.
  public enum Relation: Hashable, Sendable { case same, different, unclear }

  /// Two programs, by index; the first one has the lower index.
  public struct Pair: Hashable, Sendable {
    public let first: Int
    public let second: Int
  }

  /// The indices of programs that behave the same; the largest group first.
  public let groups: [[Int]]
  /// The pairs that contradict the groups: their comparison is unclear, or they differ although a third program behaves
  /// like both.
  public let doubts: [Pair]
  public let verdict: Verdict

  /// - Parameter relation: The result of the comparison of each pair.
  init(_ count: Int, _ relation: (Pair) -> Relation) {
    let pairs = Self.pairs(count)
    var group = Array(0..<count)
    for pair in pairs where relation(pair) == .same {
      let (kept, joined) = (group[pair.first], group[pair.second])
      for index in group.indices where group[index] == joined { group[index] = kept }
    }
    groups = Dictionary(grouping: 0..<count) { group[$0] }.values.map { $0.sorted() }
      .sorted { ($1.count, $0[0]) < ($0.count, $1[0]) }
    doubts = pairs.filter { pair in
      relation(pair) != (group[pair.first] == group[pair.second] ? .same : .different)
    }
    let relations = Set(pairs.map(relation))
    verdict = if relations.contains(.different) { .different } else { relations == [.same] ? .same : .notJudged }
  }

  static func pairs(_ count: Int) -> [Pair] {
    (0..<count).flatMap { first in (first + 1..<count).map { Pair(first: first, second: $0) } }
  }

  /// The programs that behave like no other one, while at least two others behave the same.
  public var alone: [Int] {
    if (groups.first?.count ?? 0) < 2 { return [] }
    return groups.filter { $0.count == 1 }.map { $0[0] }.filter { program in
      !doubts.contains { $0.first == program || $0.second == program }
    }
  }

  /// Whether no group is the largest, so that no majority is right.
  public var isTie: Bool { groups.count > 1 && groups[0].count == groups[1].count }
}
