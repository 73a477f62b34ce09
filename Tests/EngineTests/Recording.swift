// What was told, fit to be compared.
internal import IPC

extension Event {
  /// Without what no two runs share: ports; and descriptors but for their role, -1 for none and 0 for the connection.
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

/// Keeps events in the order in which they were told, in one thread.
final class Recording {
  private(set) var events: [Event] = []
  var observer: Observer { { self.events.append($0) } }

  func masked(_ roles: [CInt: CInt] = [:]) -> [Event] { events.map { $0.masked(roles) } }
}
