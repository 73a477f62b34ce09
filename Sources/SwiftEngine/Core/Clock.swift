// The monotonic clock, in milliseconds as poll(2) and epoll_wait(2) take them.
internal import Glibc
internal import IPC

extension System {
  /// Returns the milliseconds of the monotonic clock.
  static func now() -> Int64 { Int64(ticks() / 1_000_000) }
}

/// A moment that ends a wait, or never does. `SuspendingClock` is CLOCK_MONOTONIC, the clock of poll(2): it stops while
/// the machine is suspended, so a wait has its whole time left afterwards.
struct Deadline {
  static let never = Deadline(after: nil)

  private let end: SuspendingClock.Instant?

  init(after timeout: Duration?) {
    end = timeout.map { SuspendingClock.now.advanced(by: $0) }
  }

  /// The deadline at a time that `System.now` returns.
  static func at(_ now: Int64) -> Deadline { Deadline(after: .milliseconds(now - System.now())) }

  /// The milliseconds that are left, as poll(2) takes them; -1 for a deadline that never expires.
  var remaining: CInt { end.map { SuspendingClock.now.duration(to: $0).milliseconds } ?? -1 }

  var duration: Duration? { end.map { SuspendingClock.now.duration(to: $0) } }

  /// The one of both deadlines that is earlier.
  func earlier(_ other: Deadline) -> Deadline {
    guard let end, let otherEnd = other.end else { return end == nil ? other : self }
    return end < otherEnd ? self : other
  }

  var isPast: Bool { remaining == 0 }
}
