/// Limits how many lines of one kind a log gets within a time, and counts the others.
///
/// Only the number of kinds limits its size, so kinds must be few.
struct RepeatLimiter<Kind: Hashable & Sendable>: Sendable {
  /// From the first line of a kind on. All windows are equally long.
  private struct Window: Sendable {
    let kind: Kind
    let end: SuspendingClock.Instant
    var lines = 1
    var dropped = 0
  }

  /// Lines of one kind within a window.
  let limit: Int
  /// The length of a window.
  let time: Duration
  /// In the order of their ends.
  private var windows: [Window] = []

  init(limit: Int, time: Duration) { (self.limit, self.time) = (limit, time) }

  /// Counts a line. Returns whether it may be written.
  mutating func admits(_ kind: Kind, at now: SuspendingClock.Instant) -> Bool {
    guard let index = windows.firstIndex(where: { $0.kind == kind && $0.end > now }) else {
      windows.append(Window(kind: kind, end: now.advanced(by: time)))
      return true
    }
    if windows[index].lines < limit { windows[index].lines += 1 } else { windows[index].dropped += 1 }
    return windows[index].dropped == 0
  }

  /// Ends the windows whose time is over, or all if there is no time. Returns the kinds whose lines were dropped, and
  /// how many: each once, in the order of their first lines.
  mutating func takeCounts(until now: SuspendingClock.Instant?) -> [(kind: Kind, count: Int)] {
    let ended = windows.prefix { now == nil || $0.end <= now! }
    windows.removeFirst(ended.count)
    return ended.filter { $0.dropped > 0 }.map { ($0.kind, $0.dropped) }
  }

  /// When the first count is due, if a line was dropped.
  var due: SuspendingClock.Instant? { windows.first { $0.dropped > 0 }?.end }
}
