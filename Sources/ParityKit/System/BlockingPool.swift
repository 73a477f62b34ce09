/// A bounded number of threads for work that blocks. They are its own: libdispatch has few threads, whatever is asked.
public actor BlockingPool {
  /// A run mostly waits, so there can be more runs than processors.
  public static let size = max(8, 2 * System.processors)
  /// For fuzzing, whose scenarios wait for nothing most of their time.
  public static let fuzzSize = 4 * size

  /// Which waiting work gets the next free thread; among equals, the one that has waited longest.
  enum Urgency: Int, CaseIterable {
    /// It decides what is known so far.
    case first
    case usual
    /// Nothing else depends on it.
    case last
  }

  private var free: Int
  private var waiting: [[CheckedContinuation<Void, Never>]] = Urgency.allCases.map { _ in [] }

  public init(_ size: Int = BlockingPool.size) { free = max(1, size) }

  /// Runs the body after a share of a time: the runs from 0 to `count - 1` are spread over all of it.
  nonisolated func run<R: Sendable>(
    _ number: Int, of count: Int, over time: Duration, _ urgency: Urgency = .usual,
    _ body: @escaping @Sendable () -> R
  ) async -> R {
    // A run that waits for its turn occupies no thread.
    if number > 0, time > .zero { try? await Task.sleep(for: time * number / (count - 1)) }
    return await run(urgency, body)
  }

  public func run<R: Sendable>(_ body: @escaping @Sendable () -> R) async -> R { await run(.usual, body) }

  func run<R: Sendable>(_ urgency: Urgency, _ body: @escaping @Sendable () -> R) async -> R {
    if free > 0 {
      free -= 1
    } else {
      await withCheckedContinuation { waiting[urgency.rawValue].append($0) }
    }
    let result = await withCheckedContinuation { (done: CheckedContinuation<R, Never>) in
      System.startThread { done.resume(returning: body()) }
    }
    if let next = waiting.firstIndex(where: { !$0.isEmpty }) {
      waiting[next].removeFirst().resume()
    } else {
      free += 1
    }
    return result
  }
}
