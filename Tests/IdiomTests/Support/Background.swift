import Glibc

/// Work on a thread of its own: a call that blocks must not occupy a thread of the tests' executor.
struct Background: ~Copyable {
  private final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  private let thread: pthread_t

  init(_ body: @escaping @Sendable () -> Void) {
    let work = unsafe Unmanaged.passRetained(Work(body)).toOpaque()
    var thread = pthread_t()
    let error = unsafe pthread_create(
      &thread, nil,
      { context in
        unsafe Unmanaged<Work>.fromOpaque(context!).takeRetainedValue().body()
        return nil
      }, work)
    precondition(error == 0, "no thread can be started")
    self.thread = thread
  }

  /// Sends SIGUSR1 to the thread.
  func interrupt() { pthread_kill(thread, SIGUSR1) }

  /// Lets the work run until the process ends. Only in an exit test.
  consuming func detach() { pthread_detach(thread) }

  /// Waits until the work is done.
  consuming func join() { pthread_join(thread, nil) }
}
