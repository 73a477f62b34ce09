// Calls to libc for a lock and a thread. The `unsafe` code here is sound: the mutex lives as long as its owner, whose
// value is accessed only while the mutex is locked, and the starting thread passes its reference to the new one.
internal import Glibc

/// A value that a lock protects. It is pthread_mutex_lock(3), since the thread sanitizer does not know
/// Synchronization's Mutex.
@safe final class Locked<Value: Sendable>: @unchecked Sendable {
  private var value: Value
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

  init(_ value: Value) {
    self.value = value
    unsafe mutex.initialize(to: pthread_mutex_t())
    _ = unsafe pthread_mutex_init(mutex, nil)
  }

  deinit {
    _ = unsafe pthread_mutex_destroy(mutex)
    unsafe mutex.deallocate()
  }

  func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
    _ = unsafe pthread_mutex_lock(mutex)
    defer { _ = unsafe pthread_mutex_unlock(mutex) }
    return body(&value)
  }
}

/// The body of a new thread.
private final class Start: Sendable {
  let body: @Sendable () -> Void
  init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

/// Starts a thread that handles no signals and that nobody joins; it may still run when the process exits. Returns
/// false if no thread can be created.
func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
  let start = unsafe Unmanaged.passRetained(Start(body))
  var (all, before) = (sigset_t(), sigset_t())
  var handle = pthread_t()
  unsafe sigfillset(&all)
  // The new thread inherits the mask.
  _ = unsafe pthread_sigmask(SIG_SETMASK, &all, &before)
  let error = unsafe pthread_create(
    &handle, nil,
    { context in
      unsafe Unmanaged<Start>.fromOpaque(context!).takeRetainedValue().body()
      return nil
    }, start.toOpaque())
  _ = unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
  if error != 0 {
    unsafe start.release()
    return false
  }
  _ = pthread_detach(handle)
  return true
}
