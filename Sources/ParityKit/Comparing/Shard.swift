/// A part of a fuzz run. Shard 3/16 has the scenarios 3, 19, 35 and so on, so that all shards have the same work.
public struct Shard: Hashable, Sendable, Comparable, CustomStringConvertible {
  public let number: Int
  public let count: Int

  public static let whole = Shard(1, of: 1)

  init(_ number: Int, of count: Int) { (self.number, self.count) = (number, count) }

  /// Parses a text such as `3/16`; nil if it is invalid.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let number = parts[0], let count = parts[1], number >= 1, number <= count else {
      return nil
    }
    self.init(number, of: count)
  }

  public var description: String { "\(number)/\(count)" }

  public static func < (first: Shard, second: Shard) -> Bool {
    (first.count, first.number) < (second.count, second.number)
  }

  /// The numbers of this shard's scenarios.
  public func numbers(of runs: Int) -> StrideThrough<Int> { stride(from: number, through: runs, by: count) }

  /// Joins shards; a complete set becomes the whole run.
  static func joined(_ shards: [Shard]) -> [Shard] {
    guard let count = shards.first?.count, Set(shards) == Set((1...count).map { Shard($0, of: count) }) else {
      return shards.sorted()
    }
    return [.whole]
  }
}
