internal import IPC
internal import Synchronization

/// Collects the failure of each address that a client tried, in the order in which they failed.
final class ConnectFailures: Sendable {
  static let steps: [Step] = [.create, .bind, .connect]

  private let failures = Mutex<[Failure]>([])

  var all: [Failure] { failures.withLock { $0 } }

  func add(_ event: Event) {
    guard let failure = event.failure, Self.steps.contains(failure.step) else { return }
    failures.withLock { $0.append(failure) }
  }
}
