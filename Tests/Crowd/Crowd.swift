// Many clients at once, in the calling thread.
import Glibc
import SystemPackage

public struct CrowdTimeout: Error, CustomStringConvertible {
  public let description: String
}

/// Runs one client for each script until all have left the server. A server with a full backlog delays the whole crowd, so
/// the backlog must have room for all of them.
///
/// - Parameters:
///   - limit: The time after which the call throws a `CrowdTimeout`.
///   - whenConnected: Runs once, when all clients are connected.
/// - Returns: What each client observed, in the order of the scripts.
public func runCrowd(
  at address: String, _ scripts: [ClientScript], within limit: Duration = .seconds(30),
  whenConnected: () throws -> Void = {}
) throws -> [ClientOutcome] {
  let group = UInt64.random(in: 0...UInt64.max)
  let clients = try scripts.enumerated().map { try ScriptedClient($1, at: address, name: "crowd-\(group)-\($0)") }
  let clock = ContinuousClock()
  let start = clock.now
  var areConnected = false
  while true {
    let now = milliseconds(clock.now - start)
    for client in clients { try client.step(now: now) }
    if !areConnected, clients.allSatisfy({ $0.isConnected }) {
      areConnected = true
      try whenConnected()
    }
    let left = clients.filter { $0.outcome == nil }
    if left.isEmpty { return clients.compactMap { $0.outcome } }
    guard now < milliseconds(limit) else {
      throw CrowdTimeout(description: "after \(limit) \(left.count) clients are still active; one \(left[0].script)")
    }
    var set = left.map { $0.interest(now: now) }
    let due = left.compactMap { $0.due(now: now) }.min() ?? milliseconds(limit)
    RawSocket.poll(&set, milliseconds: CInt(max(0, due - now)))
  }
}

private func milliseconds(_ duration: Duration) -> Int {
  let (seconds, attoseconds) = duration.components
  return Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
}
