internal import Dispatch

/// So many threads at most, for what blocks.
public actor BlockingPool {
  /// Most of a run is waiting, so there may be more runs than processors.
  public static let size = max(8, 2 * System.processors)

  private var free: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []
  private let queue = DispatchQueue(label: "parity", attributes: .concurrent)

  public init(_ size: Int = BlockingPool.size) { free = max(1, size) }

  public func run<R: Sendable>(_ body: @escaping @Sendable () -> R) async -> R {
    if free > 0 { free -= 1 } else { await withCheckedContinuation { waiting.append($0) } }
    let result = await withCheckedContinuation { (done: CheckedContinuation<R, Never>) in
      queue.async { done.resume(returning: body()) }
    }
    // The place goes to who waits longest.
    if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    return result
  }
}
