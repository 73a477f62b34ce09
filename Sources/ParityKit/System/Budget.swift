/// The time that a whole comparison may take.
struct Budget: Sendable {
  /// When it is over; nil: never.
  let end: ContinuousClock.Instant?

  /// No limit.
  static let endless = Budget(nil)

  /// Begins now. Without a time there is no limit.
  init(_ time: Duration?) { end = time.map { ContinuousClock().now + $0 } }

  var isOver: Bool { !has(.zero) }

  /// Whether this time is left.
  func has(_ time: Duration) -> Bool { end.map { ContinuousClock().now + time < $0 } ?? true }

  /// A time, or half of the time that is left if that is less.
  func limited(_ time: Duration) -> Duration {
    end.map { max(.zero, min(time, ($0 - ContinuousClock().now) / 2)) } ?? time
  }
}
