// What was told, fit to be compared.
internal import IPC
internal import Synchronization

extension Event {
  /// Without what no two runs share: ports, times; and descriptors but for their role, -1 for none and 0 for the connection.
  func masked(_ roles: [CInt: CInt] = [:]) -> Event {
    Event(
      step, on: descriptor < 0 ? descriptor : roles[descriptor] ?? 0, count: count, endpoint: endpoint?.masked,
      failure: failure?.masked)
  }
}

extension Failure {
  var masked: Failure { Failure(step, cause, at: endpoint?.masked) }
}

/// The roles of descriptors in a masked event.
enum Role {
  static let listener: CInt = 100
  static let input: CInt = 101
  static let output: CInt = 102
}

/// Keeps events in the order in which they were told.
final class Recording: Sendable {
  /// Of the processor time that the server's thread takes.
  let clock = Atomic<CInt>(0)
  private let told = Locked<[Event]>([])
  var events: [Event] { told.withLock { $0 } }
  var observer: Observer { Observer { event in self.told.withLock { $0.append(event) } } }

  /// Waits until what was told is so.
  func wait(until what: String, _ isMet: ([Event]) -> Bool) throws {
    for _ in 0..<patience * 1000 {
      if isMet(events) { return }
      _ = try Kernel.isReadable(-1, within: 1)
    }
    throw Overdue("\(what):")
  }

  /// Without stops, which the tests themselves send.
  func masked(_ roles: [CInt: CInt] = [:]) -> [Event] { events.filter { $0.step != .stop }.map { $0.masked(roles) } }
}
