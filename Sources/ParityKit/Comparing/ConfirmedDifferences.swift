internal import Synchronization

/// Differences that further runs have confirmed. The same difference in another scenario needs no further confirmation.
final class ConfirmedDifferences: Sendable {
  private struct Key: Hashable {
    let channel: Channel
    let trace: String
    let left: Set<String>
    let right: Set<String>
  }

  private let keys = Mutex(Set<Key>())

  /// Whether all differences of a result are confirmed.
  func holds(_ judgement: ScenarioResult, inCalls: Bool) -> Bool {
    let own = Self.keys(judgement).filter { ($0.channel == .calls) == inCalls }
    return keys.withLock { $0.isSuperset(of: own) }
  }

  func add(_ judgement: ScenarioResult) {
    let own = Self.keys(judgement)
    keys.withLock { $0.formUnion(own) }
  }

  private static func keys(_ judgement: ScenarioResult) -> [Key] {
    judgement.cells.compactMap { cell in
      cell.finding.difference.map {
        Key(channel: cell.channel, trace: $0.trace, left: Set($0.left), right: Set($0.right))
      }
    }
  }
}
