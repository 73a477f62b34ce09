import Glibc

/// A semaphore that processes share. It is closed at the end of its scope.
/// Each thread may use it, since libc's functions allow that.
@safe struct SharedSlots: ~Copyable, @unchecked Sendable {
  private let semaphore: UnsafeMutablePointer<sem_t>

  /// Opens a semaphore, such as "/slots". The first process creates it, with
  /// a count. Returns nil and sets a negative errno if that fails.
  init?(_ name: String, count: CUnsignedInt, error: inout CInt) {
    // SEM_FAILED is the null pointer, so that an optional has it.
    guard let opened = unsafe sem_open(name, O_CREAT, 0o600, count) else {
      error = -errno
      return nil
    }
    unsafe semaphore = opened
  }

  deinit { unsafe sem_close(semaphore) }

  /// Takes a slot, and waits for one. Returns 0, or a negative errno:
  /// -ETIMEDOUT if there was none for so long.
  func take(seconds: Int) -> CInt {
    var end = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &end)
    end.tv_sec += seconds
    while unsafe sem_timedwait(semaphore, &end) < 0 {
      let error = errno
      if error != EINTR { return -error }
    }
    return 0
  }

  /// Gives a slot back. Returns 0, or a negative errno.
  func give() -> CInt {
    unsafe sem_post(semaphore) < 0 ? -errno : 0
  }
}
