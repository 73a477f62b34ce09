import Glibc

/// Starts a thread that takes signals until the handler returns false. Call
/// it before any other thread starts: each later thread inherits the
/// blocked signals. Returns 0, or a negative errno.
func startSignalThread(
  _ signals: [CInt], _ thread: inout pthread_t,
  handle: @escaping @Sendable (_ number: CInt) -> Bool
) -> CInt {
  var set = sigset_t()
  unsafe sigemptyset(&set)
  for number in signals {
    guard unsafe sigaddset(&set, number) == 0 else { return -errno }
  }
  let blocked = unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
  guard blocked == 0 else { return -blocked }

  let waiter = unsafe Unmanaged.passRetained(
    SignalWaiter(set: set, handle: handle))
  let error = unsafe pthread_create(
    &thread, nil,
    { context in
      // The thread owns the object now.
      unsafe Unmanaged<SignalWaiter>.fromOpaque(context!).takeRetainedValue()
        .run()
      return nil
    }, waiter.toOpaque())
  if error != 0 { unsafe waiter.release() }
  return -error
}

private final class SignalWaiter: Sendable {
  let set: sigset_t
  let handle: @Sendable (CInt) -> Bool

  init(set: sigset_t, handle: @escaping @Sendable (CInt) -> Bool) {
    self.set = set
    self.handle = handle
  }

  func run() {
    var set = set
    var number: CInt = 0
    repeat {
      guard unsafe sigwait(&set, &number) == 0 else { return }
    } while handle(number)
  }
}
