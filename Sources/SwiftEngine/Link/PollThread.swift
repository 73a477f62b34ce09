// A thread that polls a descriptor while another thread sleeps at a ring.
//
// futex(2) can't wait for a descriptor, and poll(2) can't wait for a ring. So a wait that has to sleep starts this thread,
// which polls the descriptor and wakes the sleeper once. Then it polls nothing until it is asked again. Answers that come
// while a wait still spins never need the thread; bytes on the descriptor cost one more wake-up.
internal import Glibc
internal import IPC
internal import Synchronization
internal import SystemPackage

/// What the thread runs.
private final class Poller: Sendable {
  static let noDescriptor: CInt = -1
  static let end: CInt = -2

  /// The descriptor to poll. Acquire and release: a thread that reads `noDescriptor` also sees that `extra` was readable.
  let extra: Atomic<CInt>
  /// A byte says that `extra` has changed.
  let requests: Pipe
  private let mapping: Mapping
  private let side: Ring.Side

  init?(_ mapping: Mapping, _ side: Ring.Side, _ extra: CInt) {
    guard let requests = Pipe() else { return nil }
    self.requests = requests
    (self.mapping, self.side) = (mapping, side)
    self.extra = Atomic(extra)
  }

  func run() {
    while true {
      let extra = self.extra.load(ordering: .acquiring)
      if extra == Self.end { return }
      var set: [2 of pollfd] = [
        pollfd(requests.output.number, for: .readable),
        pollfd(extra, for: .readable),
      ]
      _ = System.poll(&set, until: .never)
      if set[0].revents != 0 {
        _ = requests.receive()
      } else if self.extra.compareExchange(
        expected: extra, desired: Self.noDescriptor, ordering: .acquiringAndReleasing
      )
      .exchanged {
        Ring.wake(mapping.rings, side, [.readable, .writable])
      }
    }
  }

  func request(_ extra: CInt) {
    self.extra.store(extra, ordering: .releasing)
    requests.signal()
  }
}

/// Starts the thread when it is needed.
final class PollThread {
  private let object: MemoryObject
  private var poller: Poller?
  private var thread: Thread?

  init(_ object: MemoryObject) { self.object = object }

  deinit { end() }

  private func start(_ extra: FileDescriptor) throws(Cause) {
    guard let mapping = object.mapping, let poller = Poller(mapping, object.side, extra.rawValue) else {
      throw .system(.tooManyOpenFiles)
    }
    guard let thread = System.startThread({ poller.run() }) else { throw .system(.resourceTemporarilyUnavailable) }
    (self.poller, self.thread) = (poller, thread)
  }

  private func polls(_ extra: FileDescriptor) -> Bool {
    poller?.extra.load(ordering: .acquiring) == extra.rawValue
  }

  /// Returns whether `extra` is readable; false also if the thread polls it.
  func check(_ extra: FileDescriptor) throws(Cause) -> Bool {
    if polls(extra) { return false }
    var set: [1 of pollfd] = [pollfd(extra.rawValue, for: .readable)]
    return try Cause.check(System.poll(&set, until: Deadline(after: .zero))) > 0
  }

  /// The same, but after false the thread polls `extra`: once it is readable, a wait at the ring returns.
  func watch(_ extra: FileDescriptor) throws(Cause) -> Bool {
    if try check(extra) { return true }
    if let poller {
      if !polls(extra) { poller.request(extra.rawValue) }
    } else {
      try start(extra)
    }
    return false
  }

  /// Ends the thread, if there is one.
  func end() {
    poller?.request(Poller.end)
    thread?.join()
    (poller, thread) = (nil, nil)
  }
}
