import CLinux
import Glibc
import Synchronization

private let lastSender = Atomic<pid_t>(0)

/// Notes the sender of a signal. Interrupted calls continue. Returns 0, or
/// a negative errno.
func catchSender(_ number: CInt) -> CInt {
  // A global can be initialized when it is first used, which must not be in
  // the handler.
  lastSender.store(0, ordering: .relaxed)
  var action = sigaction()
  unsafe action.__sigaction_handler.sa_sigaction = { _, info, _ in
    guard let info = unsafe info else { return }
    unsafe lastSender.store(linux_sender(info), ordering: .relaxed)
  }
  action.sa_flags = SA_SIGINFO | SA_RESTART
  // No other signal interrupts the handler.
  unsafe sigfillset(&action.sa_mask)
  return unsafe sigaction(number, &action, nil) < 0 ? -errno : 0
}

/// Returns the process that sent the last signal, or 0.
func signalSender() -> pid_t { lastSender.load(ordering: .relaxed) }
