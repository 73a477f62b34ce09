/// The parameters and progress of a fuzz run. The report contains only the scenarios that differ or vary.
public struct FuzzSummary: Hashable, Sendable {
  public let seed: Int
  /// The number of scenarios of the whole run, including all shards.
  public let runs: Int
  public internal(set) var shards: [Shard]
  /// The number of scenarios played.
  public internal(set) var played = 0
  /// The channels that were judged.
  public internal(set) var compared: Set<Channel> = []

  /// The number of scenarios of these shards.
  public var wanted: Int { shards.reduce(0) { $0 + Array($1.numbers(of: runs)).count } }

  /// Adds further shards of the same run.
  mutating func join(_ other: FuzzSummary) {
    shards = Shard.joined(shards + other.shards)
    played += other.played
    compared.formUnion(other.compared)
  }
}
