/// What a fuzz run was, and how far it came. Of its scenarios, a report has those that differ.
public struct FuzzSummary: Hashable, Sendable {
  public let seed: Int
  /// How many scenarios the whole run has, all shards together.
  public let runs: Int
  public internal(set) var shards: [Shard]
  /// How many were played.
  public internal(set) var played = 0
  /// The numbers of those that differed when they were looked at first, and not when they were looked at anew.
  public internal(set) var seldom: [Int] = []
  /// The channels that were judged.
  public internal(set) var compared: Set<Channel> = []

  /// How many the shards have together.
  public var wanted: Int { shards.reduce(0) { $0 + Array($1.numbers(of: runs)).count } }

  /// The same run, further parts of it.
  mutating func join(_ other: FuzzSummary) {
    shards = Shard.joined(shards + other.shards)
    played += other.played
    seldom = (seldom + other.seldom).sorted()
    compared.formUnion(other.compared)
  }
}
