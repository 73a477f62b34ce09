// The `unsafe` code here is sound: the starting thread passes its reference to the body to the new thread, and libc reads
// and writes the sets of signals during a call only.
internal import Glibc

/// A thread that must be joined, for the engine, the programs and the tests.
package struct Thread: Sendable {
  /// The signals that a thread handles.
  private enum Signals {
    /// Those that the starting thread handles.
    case inherited
    case none
  }

  private final class Start: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  private let handle: pthread_t

  /// Starts a thread. The corresponding C function is pthread_create(3), which returns its error.
  package init(_ body: @escaping @Sendable () -> Void) throws(Cause) { try self.init(handling: .inherited, body) }

  private init(handling signals: Signals, _ body: @escaping @Sendable () -> Void) throws(Cause) {
    let start = unsafe Unmanaged.passRetained(Start(body))
    var (all, before) = (sigset_t(), sigset_t())
    var handle = pthread_t()
    unsafe sigfillset(&all)
    // The new thread inherits the mask.
    if signals == .none { _ = unsafe pthread_sigmask(SIG_SETMASK, &all, &before) }
    let error = unsafe pthread_create(
      &handle, nil,
      { context in
        unsafe Unmanaged<Start>.fromOpaque(context!).takeRetainedValue().body()
        return nil
      }, start.toOpaque())
    if signals == .none { _ = unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
    if error != 0 {
      unsafe start.release()
      throw Cause(code: error)
    }
    self.handle = handle
  }

  /// Waits for the end of the thread. The corresponding C function is pthread_join(3).
  package func join() { _ = pthread_join(handle, nil) }

  /// Starts a thread that handles no signals and that nobody joins; it may still run when the process exits. The
  /// corresponding C function is pthread_detach(3).
  /// - Returns: False if no thread can be started.
  package static func startAlone(_ body: @escaping @Sendable () -> Void) -> Bool {
    guard let thread = try? Thread(handling: .none, body) else { return false }
    _ = pthread_detach(thread.handle)
    return true
  }
}
