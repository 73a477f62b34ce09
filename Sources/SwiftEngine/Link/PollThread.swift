// A lookout. Who waits at a ring sleeps in futex(2), which no descriptor ends; who polls a descriptor is not woken by a
// ring. So a second thread polls, and wakes the first. It is started when a wait has to sleep, not before: who is answered
// while it spins never has one. It tells once, and then looks at nothing until it is asked again. What comes from the ring,
// which is most, goes past it; what comes on the descriptor costs one wake-up more.
internal import Glibc
internal import IPC
internal import Synchronization

/// The thread's part.
private final class Look: Sendable {
  static let nothing: CInt = -1
  static let end: CInt = -2

  /// The descriptor that is looked at. Acquire and release: who sees that it was told of comes after the look.
  let other: Atomic<CInt>
  /// `other` has another value.
  let asked: Pipe
  private let mapping: Mapping
  private let side: Ring.Side

  init?(_ mapping: Mapping, _ side: Ring.Side, _ extra: CInt) {
    guard let asked = Pipe() else { return nil }
    self.asked = asked
    (self.mapping, self.side) = (mapping, side)
    self.other = Atomic(extra)
  }

  func run() {
    while true {
      let extra = self.other.load(ordering: .acquiring)
      if extra == Self.end { return }
      var set: [2 of pollfd] = [
        pollfd(fd: asked.output.number, events: Readiness.readable.asked, revents: 0),
        pollfd(fd: extra, events: Readiness.readable.asked, revents: 0),
      ]
      _ = System.poll(&set, until: .never)
      if set[0].revents != 0 {
        _ = asked.take()
      } else if self.other.compareExchange(expected: extra, desired: Self.nothing, ordering: .acquiringAndReleasing)
        .exchanged
      {
        Ring.wake(mapping.rings, side, [.readable, .writable])
      }
    }
  }
}

final class Lookout {
  private let look: Look
  private let thread: Thread

  private init(_ look: Look, _ thread: Thread) { (self.look, self.thread) = (look, thread) }

  private static func start(_ mapping: Mapping, _ side: Ring.Side, _ extra: CInt, _ lookout: inout Lookout?) -> Int {
    guard let look = Look(mapping, side, extra) else { return -Int(EMFILE) }
    guard let thread = System.startThread({ look.run() }) else { return -Int(EAGAIN) }
    lookout = Lookout(look, thread)
    return 0
  }

  private func ask(_ extra: CInt) {
    look.other.store(extra, ordering: .releasing)
    look.asked.tell()
  }

  /// Whether `other` is readable: 1 or 0. If it `stays`, 0 says also that a wait at the ring will be woken once it is.
  static func see(
    _ lookout: inout Lookout?, _ mapping: Mapping, _ side: Ring.Side, _ extra: CInt, stays: Bool
  ) -> Int {
    if let lookout, lookout.look.other.load(ordering: .acquiring) == extra { return 0 }
    var set: [1 of pollfd] = [pollfd(fd: extra, events: Readiness.readable.asked, revents: 0)]
    let ready = System.poll(&set, until: Deadline(after: .zero))
    if ready != 0 || !stays { return ready }
    guard let lookout else { return start(mapping, side, extra, &lookout) }
    lookout.ask(extra)
    return 0
  }

  /// Looks at nothing any more.
  func end() {
    ask(Look.end)
    thread.join()
  }
}
