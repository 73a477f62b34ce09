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
  /// Since when the program has hardly used the processor, and the time that it had used by then.
  private var quiet: (since: ContinuousClock.Instant, used: Duration)?
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
    if snapshot.isResting, let last, snapshot == last.snapshot {
      let since = restingSince ?? last.time
      restingSince = since
      return .resting(now - since)
    }
    restingSince = nil
    let used = snapshot.processorTime
    guard let last, last.snapshot.moved == snapshot.moved, last.snapshot.processes == snapshot.processes else {
      (quiet, busy) = ((now, used), (used, nil))
      return .active
    }
    // A process that runs in two snapshots is more than a short wake.
    let isRunning = !snapshot.isResting && !last.snapshot.isResting
    let since = quiet ?? (now, used)
    let isQuiet = !isRunning && (used - since.used) * Limits.quietShare <= max(now - since.since, Limits.wakes)
    quiet = isQuiet ? since : (now, used)
    if isQuiet, now - since.since >= Limits.wakes { return .resting(now - since.since) }
    let before = busy ?? (used, nil)
    busy = before
    if used - before.used < patience { return .active }
    let progress = progress(snapshot.processes)
    if before.progress == progress { return .burning }
    busy = (used, progress)
    return .active
  }
}
