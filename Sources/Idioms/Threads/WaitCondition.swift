import Glibc

/// Jobs for the threads of a server.
@safe final class JobQueue: @unchecked Sendable {
  static let limit = 64
  // Lock and condition must keep their addresses, and those of properties
  // may differ from call to call.
  private let lock =
    UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let filled =
    UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var jobs: [CInt] = []  // With the lock only.

  init() {
    var attributes = pthread_condattr_t()
    unsafe pthread_condattr_init(&attributes)
    unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    unsafe pthread_mutex_init(lock, nil)
    unsafe pthread_cond_init(filled, &attributes)
    unsafe pthread_condattr_destroy(&attributes)
  }

  deinit {
    unsafe pthread_cond_destroy(filled)
    unsafe pthread_mutex_destroy(lock)
    unsafe filled.deallocate()
    unsafe lock.deallocate()
  }

  /// Adds a job, a number of 0 or more. Returns 0, or -ENOBUFS.
  func put(_ job: CInt) -> CInt {
    unsafe pthread_mutex_lock(lock)
    defer { unsafe pthread_mutex_unlock(lock) }
    guard jobs.count < Self.limit else { return -ENOBUFS }
    jobs.append(job)
    unsafe pthread_cond_signal(filled)
    return 0
  }

  /// Waits for a job. Returns the oldest one, or -ETIMEDOUT.
  func take(milliseconds: Int) -> CInt {
    var end = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &end)
    let nanoseconds = end.tv_nsec + milliseconds % 1000 * 1_000_000
    end.tv_sec += milliseconds / 1000 + nanoseconds / 1_000_000_000
    end.tv_nsec = nanoseconds % 1_000_000_000

    unsafe pthread_mutex_lock(lock)
    defer { unsafe pthread_mutex_unlock(lock) }
    var error: CInt = 0
    // A thread can wake up without a signal, or find that another was faster.
    while jobs.isEmpty && error == 0 {
      error = unsafe pthread_cond_timedwait(filled, lock, &end)
    }
    return jobs.isEmpty ? -error : jobs.removeFirst()
  }
}
