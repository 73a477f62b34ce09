import Glibc

/// Runs a function that blocks in a thread of its own. The task waits for
/// it, and occupies no thread meanwhile. Returns the function's result, or a
/// negative errno if there can be no thread.
func blocking(_ call: @escaping @Sendable () -> CInt) async -> CInt {
  await withCheckedContinuation { continuation in
    var thread = pthread_t()
    let error = startThread(&thread) { continuation.resume(returning: call()) }
    // The continuation must be resumed exactly once.
    if error < 0 {
      continuation.resume(returning: error)
    } else {
      pthread_detach(thread)
    }
  }
}

/// Locks an open file, and waits as long as another process or another open
/// of the file has the lock. Returns 0, or a negative errno.
func lockFile(_ fd: CInt) async -> CInt {
  await blocking {
    while flock(fd, LOCK_EX) < 0 {
      let error = errno
      if error != EINTR { return -error }
    }
    return 0
  }
}
