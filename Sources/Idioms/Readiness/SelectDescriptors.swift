import Glibc

/// What a loop waits for.
struct SelectInterest {
  struct Events: OptionSet {
    let rawValue: Int
    static let read = Events(rawValue: 1)
    static let write = Events(rawValue: 2)
  }

  private(set) var readers = DescriptorSet()
  private(set) var writers = DescriptorSet()
  /// Larger than each descriptor.
  private(set) var limit: CInt = 0

  /// Replaces what the loop waits for at a descriptor: `[]` before it is
  /// closed. Returns 0, or -EINVAL if the descriptor is too large for
  /// select(2).
  mutating func watch(_ fd: CInt, _ events: Events) -> CInt {
    guard fd >= 0 && fd < FD_SETSIZE else { return -EINVAL }
    readers.set(fd, to: events.contains(.read))
    writers.set(fd, to: events.contains(.write))
    limit = max(limit, fd + 1)
    return 0
  }

  /// Waits, and gives each descriptor that is ready to the handler, which
  /// may change what the loop waits for. A negative time has no end. Returns
  /// how many it gave, or a negative errno: -ETIMEDOUT if none was ready in
  /// time.
  mutating func ready(
    milliseconds: Int,
    handle: (inout SelectInterest, _ fd: CInt, _ events: Events) -> Void
  ) -> CInt {
    let deadline = SuspendingClock.now + .milliseconds(milliseconds)
    var (reading, writing) = (readers, writers)
    var ready: CInt
    repeat {
      // select(2) changes its sets, and on Linux the time, too.
      (reading, writing) = (readers, writers)
      let left = max(.zero, deadline - SuspendingClock.now).components
      var time = timeval(
        tv_sec: Int(left.seconds),
        tv_usec: Int(left.attoseconds / 1_000_000_000_000))
      ready =
        if milliseconds < 0 {
          unsafe select(limit, &reading.bits, &writing.bits, nil, nil)
        } else {
          unsafe select(limit, &reading.bits, &writing.bits, nil, &time)
        }
    } while ready < 0 && errno == EINTR
    if ready <= 0 { return ready < 0 ? -errno : -ETIMEDOUT }
    var count: CInt = 0
    for fd in 0..<limit {
      var events: Events = []
      // The handler of another descriptor may have stopped waiting for this.
      if reading.contains(fd) && readers.contains(fd) { events.insert(.read) }
      if writing.contains(fd) && writers.contains(fd) { events.insert(.write) }
      if events.isEmpty { continue }
      handle(&self, fd, events)
      count += 1
    }
    return count
  }
}

/// `fd_set` with FD_SET, FD_CLR and FD_ISSET, which are macros.
struct DescriptorSet {
  var bits = fd_set()

  /// FD_SET and FD_CLR.
  mutating func set(_ fd: CInt, to isMember: Bool) {
    let (word, bit) = Self.place(of: fd)
    // The C library declares the bits as an array of `long`, which is Int.
    unsafe withUnsafeMutableBytes(of: &bits) {
      let words = unsafe $0.bindMemory(to: Int.self)
      unsafe words[word] = words[word] & ~bit | (isMember ? bit : 0)
    }
  }

  /// FD_ISSET.
  func contains(_ fd: CInt) -> Bool {
    let (word, bit) = Self.place(of: fd)
    return unsafe withUnsafeBytes(of: bits) {
      unsafe $0.bindMemory(to: Int.self)[word] & bit != 0
    }
  }

  private static func place(of fd: CInt) -> (word: Int, bit: Int) {
    precondition(fd >= 0 && fd < FD_SETSIZE, "an fd_set has no such bit")
    let (word, bit) = Int(fd).quotientAndRemainder(dividingBy: Int.bitWidth)
    return (word, 1 << bit)
  }
}
