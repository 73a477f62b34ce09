import Glibc

/// The context of a thread.
private final class ThreadBody: Sendable {
  let run: @Sendable () -> Void
  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

/// Runs a function in a thread, which the caller joins. Returns 0, or a
/// negative errno; then the function does not run.
func startThread(
  _ thread: inout pthread_t, _ run: @escaping @Sendable () -> Void
) -> CInt {
  // The thread owns the context: its first act is to take it.
  let body = unsafe Unmanaged.passRetained(ThreadBody(run))
  let error = unsafe pthread_create(
    &thread, nil,
    { context in
      let body = unsafe Unmanaged<ThreadBody>.fromOpaque(context!)
      unsafe body.takeRetainedValue().run()
      return nil
    }, body.toOpaque())
  if error != 0 { unsafe body.release() }
  return -error
}

/// Echoes all input of a client in a thread, which then closes the
/// descriptor. The caller joins the thread. Returns 0, or a negative errno;
/// then the caller still owns the descriptor.
func echoInThread(_ fd: CInt, _ thread: inout pthread_t) -> CInt {
  startThread(&thread) {
    defer { close(fd) }
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let n = unsafe read(fd, &buffer, buffer.count)
      if n < 0 && errno == EINTR { continue }
      guard n > 0, writeAll(fd, buffer.span.extracting(..<n)) == 0 else {
        return
      }
    }
  }
}
