// A thread that polls a descriptor while another thread sleeps at a ring.
//
// futex(2) can't wait for a descriptor, and poll(2) can't wait for a ring. So a wait that has to sleep starts this
// thread, which polls the descriptor and wakes the sleeper once. Then it polls nothing until it is asked again. Answers
// that come while a wait still spins never need the thread; bytes on the descriptor cost one more wake-up.
internal import Glibc
internal import IPC
internal import Synchronization
internal import SystemPackage

/// What the thread runs.
private final class Poller: Sendable {
  static let noDescriptor: CInt = -1
  static let end: CInt = -2

  /// The descriptor to poll. Acquire and release: a thread that reads `noDescriptor` also sees that `extra` was
  /// readable.
  let extra: Atomic<CInt>
  /// Receives a byte, or the end of its pipe, when `extra` has changed.
  private let requests: Descriptor
  private let mapping: Mapping
  private let side: Ring.Side

  init(_ mapping: Mapping, _ side: Ring.Side, _ extra: CInt, _ requests: consuming Descriptor) {
    self.requests = requests
    (self.mapping, self.side) = (mapping, side)
    self.extra = Atomic(extra)
  }

  func run() {
    while true {
      let extra = self.extra.load(ordering: .acquiring)
      if extra == Self.end { return }
      var set: [2 of pollfd] = [
        pollfd(requests.number, for: .readable),
        pollfd(extra, for: .readable),
      ]
      _ = System.poll(&set, until: .never)
      if set[0].revents != 0 {
        var byte: [1 of UInt8] = [0]
        var span = byte.mutableSpan
        _ = System.read(requests.number, &span)
      } else if self.extra.compareExchange(
        expected: extra, desired: Self.noDescriptor, ordering: .acquiringAndReleasing
      )
      .exchanged {
        Ring.wake(mapping.rings, side, [.readable, .writable])
      }
    }
  }
}

/// Starts the thread when it is needed.
final class PollThread {
  private let object: MemoryObject
  private var poller: Poller?
  private var thread: Thread?
  /// The end of the pipe to write requests to.
  private let requests = DescriptorSlot()

  init(_ object: MemoryObject) { self.object = object }

  deinit { end() }

  /// Returns whether the thread will see that `extra` has changed.
  private func request(_ extra: FileDescriptor, _ poller: Poller) -> Bool {
    poller.extra.store(extra.rawValue, ordering: .releasing)
    let byte: [1 of UInt8] = [0]
    return System.write(requests.number, byte.span) == 1
  }

  /// Starts the thread. If that is not possible, there is none.
  private func start(_ extra: FileDescriptor) {
    guard let mapping = object.mapping, let ends = try? System.pipe() else { return }
    let poller = Poller(mapping, object.side, extra.rawValue, Descriptor(owning: ends.output))
    requests.open(Descriptor(owning: ends.input))
    if let thread = try? Thread({ poller.run() }) {
      (self.poller, self.thread) = (poller, thread)
    } else {
      requests.close()
    }
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

  /// The same, but after false the thread polls `extra`: once it is readable, a wait at the ring returns. Without a
  /// thread, because none can be started, the caller notices it when it checks `extra` again, after `Limit.peerCheck`
  /// at most.
  func watch(_ extra: FileDescriptor) throws(Cause) -> Bool {
    if try check(extra) { return true }
    if polls(extra) { return false }
    if let poller {
      if !request(extra, poller) { end() }
    } else {
      start(extra)
    }
    return false
  }

  /// Ends the thread, if there is one.
  func end() {
    poller?.extra.store(Poller.end, ordering: .releasing)
    requests.close()  // the pipe's end is always noticed; a write could fail
    thread?.join()
    (poller, thread) = (nil, nil)
  }
}
