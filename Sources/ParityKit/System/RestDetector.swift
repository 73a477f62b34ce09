/// Decides from snapshots whether a program rests. A timer that wakes the program ten times a second, and moves nothing,
/// is rest; a program that uses the processor is not.
struct RestDetector {
  enum State: Equatable {
    case active
    /// For how long the program has been idle.
    case resting(Duration)
    /// The program has used much processor time, and has moved nothing.
    case burning
  }

  /// A number that changes while the program reads what it was sent.
  private let progress: ([CInt]) -> Int
  private var last: (snapshot: ActivitySnapshot, time: ContinuousClock.Instant)?
  private var restingSince: ContinuousClock.Instant?
  /// How long the program has slept and hardly used the processor, and the processor time before that. Time in which
  /// it waits for a processor does not count: on a busy machine it may have work to do.
  private var quiet: (slept: Duration, used: Duration)?
  /// The time that the program had used, and its progress, when it last moved something.
  private var busy: (used: Duration, progress: Int?)?

  init(progress: @escaping ([CInt]) -> Int) { self.progress = progress }

  /// When the next snapshot is due.
  func isDue(_ now: ContinuousClock.Instant) -> Bool {
    last.map { now - $0.time >= .milliseconds(Limits.snapshotInterval) } ?? true
  }

  /// `patience` is the processor time after which a program that moves nothing is burning.
  mutating func add(
    _ snapshot: ActivitySnapshot, at now: ContinuousClock.Instant, patience: Duration
  ) -> State {
    defer { last = (snapshot, now) }
    let slept = last.map { snapshot.isResting && $0.snapshot.isResting ? now - $0.time : .zero } ?? .zero
    if snapshot.isResting, let last, snapshot == last.snapshot {
      let since = restingSince ?? last.time
      restingSince = since
      quiet?.slept += slept
      return .resting(max(now - since, quiet?.slept ?? .zero))
    }
    restingSince = nil
    let used = snapshot.processorTime
    guard let last, last.snapshot.moved == snapshot.moved, last.snapshot.processes == snapshot.processes else {
      (quiet, busy) = ((.zero, used), (used, nil))
      return .active
    }
    var calm = quiet ?? (.zero, used)
    calm.slept += slept
    let isCalm = (used - calm.used) * Limits.quietShare <= max(calm.slept, Limits.wakes)
    quiet = isCalm ? calm : (.zero, used)
    if isCalm, calm.slept >= Limits.wakes { return .resting(calm.slept) }
    let before = busy ?? (used, nil)
    busy = before
    if used - before.used < patience { return .active }
    let progress = progress(snapshot.processes)
    if before.progress == progress { return .burning }
    busy = (used, progress)
    return .active
  }
}

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
