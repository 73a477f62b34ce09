// Waiting on a word of shared memory: how often to poll it first, sleeping, and waking. Results are integers, as in
// System/: a message over shared memory takes some tens of nanoseconds.
internal import CLinux
internal import Glibc
internal import IPC

/// The bits of a word of waiters: a thread of that side sleeps until the event. Shifted to the left, its next wait for
/// the event returns at once.
enum Waiters {
  static let readable: UInt32 = 1
  static let writable: UInt32 = 2
  static let wokenShift: UInt32 = 2
}

extension Word {
  /// How often to poll before sleeping: `Limit.ringSpins`, or 0 if this thread may run on one processor only.
  static func spins() -> UInt32 { System.processors() > 1 ? Limit.ringSpins : 0 }

  /// Sleeps while the word has that value, at most for the time; a negative one is no limit. Returns 0 after a wake-up
  /// for one of the bits, a signal, or if the value differs: the caller then reads the counts again.
  func wait(while value: UInt32, for bits: UInt32, milliseconds: CInt) -> Int {
    var end = System.monotonicTime()  // FUTEX_WAIT_BITSET takes a point in time
    end.tv_sec += Int(milliseconds / 1000)
    end.tv_nsec += Int(milliseconds % 1000) * 1_000_000
    if end.tv_nsec >= 1_000_000_000 {
      end.tv_nsec -= 1_000_000_000
      end.tv_sec += 1
    }
    let result = System.futex(self, FUTEX_WAIT_BITSET, value, until: milliseconds < 0 ? nil : end, bits)
    return result == -Int(EAGAIN) || result == -Int(EINTR) ? 0 : result
  }

  /// Wakes the threads that sleep until one of the events.
  func wake(_ events: UInt32) { _ = System.futex(self, FUTEX_WAKE_BITSET, UInt32(CInt.max), until: nil, events) }

  /// Clears the event's bit and wakes its sleepers, unless another thread has just done so.
  @inline(never)
  func wakeWaiter(_ event: UInt32) {
    if remove(event) & event != 0 { wake(event) }
  }

  /// Wakes the threads that sleep until this event. Call it after publishing a count or an end.
  @inline(__always)
  func notify(_ event: UInt32) {
    if addNothing() & event != 0 { wakeWaiter(event) }
  }
}
