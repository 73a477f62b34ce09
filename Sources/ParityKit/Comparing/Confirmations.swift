/// What further runs have confirmed, as a difference or as noise. The same in another scenario needs no further runs,
/// and while one scenario confirms it, others wait.
actor Confirmations {
  struct Key: Hashable {
    let channel: Channel
    let observation: String
    /// The text before noise, without numbers; or both texts of a difference.
    let texts: [String]

    var isNoise: Bool { texts.count == 1 }
    var place: [String] { [channel.rawValue, observation] }
  }

  /// Fuzzing judges differences without earlier knowledge, and remembers only noise.
  private let remembersDifferences: Bool
  private var known: Set<Key> = []
  /// Differences that are confirmed, with their numbers: where noise differs, one number says nothing of another.
  private var differences: Set<Key> = []
  private var busy: Set<Key> = []
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(remembersDifferences: Bool = true) { self.remembersDifferences = remembersDifferences }

  /// Reserves what is not known yet, and returns it; waits until no other scenario confirms any of it.
  func reserve(_ keys: Set<Key>) async -> Set<Key> {
    while true {
      let new = keys.subtracting(known)
      if new.isDisjoint(with: busy) {
        busy.formUnion(new)
        return new
      }
      await withCheckedContinuation { waiting.append($0) }
    }
  }

  /// Whether a result of single runs has more than differences that are confirmed already.
  func hasNew(_ result: ScenarioResult) -> Bool {
    !result.troubles.isEmpty || !result.differences.isSubset(of: differences)
  }

  /// Ends a reservation. What is settled need not be confirmed again.
  func settle(_ keys: Set<Key>, reserved: Set<Key>, differences confirmed: Set<Key> = []) {
    busy.subtract(reserved)
    known.formUnion(keys.filter { remembersDifferences || $0.isNoise })
    if remembersDifferences { differences.formUnion(confirmed) }
    let others = waiting
    waiting = []
    for other in others { other.resume() }
  }

  /// A result without notes of latencies that no scenario has confirmed: chance delays single runs.
  func withoutChance(_ result: ScenarioResult) -> ScenarioResult {
    var result = result
    result.cells = result.cells.map { cell in
      let keys = Self.keys(cell.finding, in: cell.channel)
      let isChance = cell.channel == .time && cell.finding.isNote && !keys.isSubset(of: differences)
      return isChance ? ScenarioResult.Cell(channel: .time, finding: .same(masks: [])) : cell
    }
    return result
  }

  /// The keys of a finding; with `isSettled`, of what further runs can't change.
  static func keys(_ finding: Finding, in channel: Channel, isSettled: Bool = false) -> Set<Key> {
    switch finding {
    case .same(let masks):
      Set(masks.filter { $0.isSettled == isSettled }.map { key(channel, $0.key.observation, [$0.key.after]) })
    case .noted(let difference) where channel == .time: differences(difference, channel, isSettled)
    case .different(let difference), .hung(let difference), .varies(let difference), .partly(let difference),
      .known(let difference, _):
      differences(difference, channel, isSettled)
    case .noted, .notJudged, .measured: []
    }
  }

  private static func differences(_ difference: Difference, _ channel: Channel, _ isSettled: Bool) -> Set<Key> {
    let all = difference.all.filter { $0.isSettled == isSettled }
    // The times differ from scenario to scenario.
    if channel == .time { return Set(all.map { key(channel, $0.observation, [$0.note ?? "", ""]) }) }
    return Set(all.map { key(channel, $0.observation, [$0.left.distinct.joined(), $0.right.distinct.joined()]) })
  }

  private static func key(_ channel: Channel, _ observation: String, _ texts: [String]) -> Key {
    Key(
      channel: channel, observation: place(channel, observation)[1],
      texts: texts.map { $0.replacing(/[0-9]+/, with: "0") })
  }

  /// The channel, and the observation without the number of a connection.
  static func place(_ channel: Channel, _ observation: String) -> [String] {
    [channel.rawValue, observation.hasPrefix("connection") ? "connection" : observation]
  }
}
