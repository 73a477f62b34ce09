internal import Synchronization

/// Differences that further runs have confirmed. The same difference in another scenario needs no further confirmation.
final class ConfirmedDifferences: Sendable {
  private struct Key: Hashable {
    let channel: Channel
    let observation: String
    let left: Set<String>
    let right: Set<String>
  }

  private let keys = Mutex(Set<Key>())

  /// Whether all differences of a result are confirmed.
  func contains(_ result: ScenarioResult, inCalls: Bool) -> Bool {
    let own = Self.keys(result).filter { ($0.channel == .calls) == inCalls }
    return keys.withLock { $0.isSuperset(of: own) }
  }

  func add(_ result: ScenarioResult) {
    let own = Self.keys(result)
    keys.withLock { $0.formUnion(own) }
  }

  private static func keys(_ result: ScenarioResult) -> [Key] {
    result.cells.compactMap { cell in
      cell.finding.difference.map {
        Key(channel: cell.channel, observation: $0.observation, left: Set($0.left), right: Set($0.right))
      }
    }
  }
}
