import Glibc
import Synchronization

private let stopSignal = Atomic<CInt>(0)

/// Makes SIGINT and SIGTERM set a flag. A call that waits fails with EINTR
/// then, since SA_RESTART is not set. Returns 0, or a negative errno.
func catchStopSignals() -> CInt {
  // A global can be initialized when it is first used, which must not be in
  // the handler.
  stopSignal.store(0, ordering: .relaxed)
  var action = sigaction()
  unsafe action.__sigaction_handler.sa_handler = { number in
    stopSignal.store(number, ordering: .relaxed)
  }
  unsafe sigemptyset(&action.sa_mask)
  for number in [SIGINT, SIGTERM] {
    guard unsafe sigaction(number, &action, nil) == 0 else { return -errno }
  }
  return 0
}

/// Returns the signal that asked the program to stop, or 0.
func stopRequested() -> CInt { stopSignal.load(ordering: .relaxed) }
