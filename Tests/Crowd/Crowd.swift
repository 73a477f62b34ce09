// Many clients at once, in the calling thread.
import Glibc
import SystemPackage

public struct Overdue: Error, CustomStringConvertible {
  public let description: String
}

/// Lets clients come and go as their scripts say, until all are gone; what they have seen. `gathered` is called once all
/// have come. A server whose backlog is full delays all: it has to hold them.
public func visit(
  _ address: String, _ scripts: [Script], within limit: Duration = .seconds(30), gathered: () throws -> Void = {}
) throws -> [Visit] {
  let group = UInt64.random(in: 0...UInt64.max)
  let visitors = try scripts.enumerated().map { try Visitor($1, at: address, name: "crowd-\(group)-\($0)") }
  let clock = ContinuousClock()
  let start = clock.now
  var hasGathered = false
  while true {
    let now = milliseconds(clock.now - start)
    for visitor in visitors { try visitor.turn(now: now) }
    if !hasGathered, visitors.allSatisfy({ $0.isConnected }) {
      hasGathered = true
      try gathered()
    }
    let left = visitors.filter { $0.visit == nil }
    if left.isEmpty { return visitors.compactMap { $0.visit } }
    guard now < milliseconds(limit) else {
      throw Overdue(description: "after \(limit) \(left.count) clients are there yet, of which one \(left[0].script)")
    }
    var set = left.map { $0.interest(now: now) }
    let due = left.compactMap { $0.due(now: now) }.min() ?? milliseconds(limit)
    Wire.await(&set, milliseconds: CInt(max(0, due - now)))
  }
}

private func milliseconds(_ duration: Duration) -> Int {
  let (seconds, attoseconds) = duration.components
  return Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
}
