// Waiting, never without an end.
import Dispatch

struct DeadlinePassed: Error {}

/// Runs the body, and cancels it at the end of its time. A process that runs in it is then killed.
func within<R: Sendable>(_ limit: Duration, _ body: @escaping @Sendable () async throws -> R) async throws -> R {
  try await withThrowingTaskGroup(of: R.self) { group in
    group.addTask { try await body() }
    group.addTask {
      try await Task.sleep(for: limit)
      throw DeadlinePassed()
    }
    defer { group.cancelAll() }
    return try await group.next()!
  }
}

/// Runs what blocks on a thread of its own: the few threads of Swift's pool must not wait for a process while another
/// waits for them.
func blocking<R: Sendable>(_ body: @escaping @Sendable () throws -> R) async throws -> R {
  try await withCheckedThrowingContinuation { continuation in
    DispatchQueue.global().async { continuation.resume(with: Result(catching: body)) }
  }
}
