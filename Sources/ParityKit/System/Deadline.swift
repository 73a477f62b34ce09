/// The end of a wait. Time in which the program waits for a processor does not count, so a busy machine changes nothing;
/// and the program gets more time while it moves something.
struct Deadline {
  private let time: Duration
  private let isExtended: Bool
  private(set) var due: ContinuousClock.Instant
  /// The end, whatever moves.
  private var last: ContinuousClock.Instant
  /// How much of the time without a processor may still count.
  private var allowance: Duration
  private var starved: (total: Duration, at: ContinuousClock.Instant)?
  private var progress: Int?

  /// - Parameter isExtended: Whether the program gets more time while it moves something.
  init(_ time: Duration, isExtended: Bool, since now: ContinuousClock.Instant) {
    (self.time, self.isExtended) = (time, isExtended)
    due = now + time
    last = now + time * (isExtended ? Limits.movingTimeouts : 1)
    allowance = time * Limits.starvation
  }

  /// Whether the total of the time without a processor must be known, because the wait begins.
  var isNew: Bool { starved == nil }

  mutating func begin(_ now: ContinuousClock.Instant, starved: Duration) { self.starved = (starved, now) }

  /// The judge has seen that something moves.
  mutating func note(_ now: ContinuousClock.Instant) { if isExtended { due = min(last, now + time) } }

  /// Whether the time is over. The closures are called only when it seems so: the total of the time without a
  /// processor, and a number that changes while the program moves something.
  mutating func hasPassed(
    _ now: ContinuousClock.Instant, starved total: () -> Duration, progress current: () -> Int
  ) -> Bool {
    if now < due { return false }
    let total = total()
    let lost = starved.map { max(.zero, min(total - $0.total, now - $0.at, allowance)) } ?? .zero
    starved = (total, now)
    if lost >= .milliseconds(1) {
      allowance -= lost
      last += lost
      due = now + lost
    }
    if isExtended, now < last {
      let current = current()
      // The first number has none to be compared with.
      if let progress, progress != current { due = max(due, now + time) }
      if progress == nil { due = max(due, now + min(time, .milliseconds(Limits.pollInterval))) }
      progress = current
    }
    due = min(due, last)
    return now >= due
  }
}
