// Events in a form that can be compared.
internal import IPC
internal import Synchronization

extension Event {
  /// The event without the parts that differ in each run: ports, times and descriptors. A descriptor becomes its role, or 0 for
  /// the connection; -1 stays, and means none.
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

/// Records events in the order in which the engine reports them.
final class EventRecorder: Sendable {
  /// The clock of the processor time that the server's thread takes.
  let clock = Atomic<CInt>(0)
  private let recorded = Locked<[Event]>([])
  var events: [Event] { recorded.withLock { $0 } }
  /// Milliseconds for which the server's thread stops at its next `.receive`; 0 for none.
  let pause = Atomic<Int>(0)
  var observer: Observer {
    Observer { event in
      self.recorded.withLock { $0.append(event) }
      guard event.step == .receive else { return }
      let milliseconds = self.pause.exchange(0, ordering: .relaxed)
      if milliseconds > 0 { try? TestSystem.pause(milliseconds: milliseconds) }
    }
  }

  /// Waits until the recorded events meet a condition.
  func wait(until condition: String, _ isMet: ([Event]) -> Bool) throws {
    for _ in 0..<timeoutSeconds * 1000 {
      if isMet(events) { return }
      try TestSystem.pause(milliseconds: 1)
    }
    throw TimeoutError("waiting until \(condition)")
  }

  /// The masked events without stops, because the tests themselves send those.
  func masked(_ roles: [CInt: CInt] = [:]) -> [Event] { events.filter { $0.step != .stop }.map { $0.masked(roles) } }
}
