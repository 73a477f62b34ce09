import Glibc
import Synchronization

/// A call that signals interrupt again and again. Only in an exit test: the handler belongs to the process.
enum Interrupted {
  private final class Outcome: Sendable {
    let value = Mutex<Int?>(nil)
  }

  /// Runs a call on a thread of its own, and sends it a signal each millisecond until it returns. After 50 signals it
  /// runs `meanwhile`. Returns nil if the call does not return within ten seconds.
  static func run(_ call: @escaping @Sendable () -> Int, meanwhile: () throws -> Void = {}) throws -> Int? {
    // Without SA_RESTART.
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = { _ in }
    unsafe sigaction(SIGUSR1, &action, nil)
    let outcome = Outcome()
    let thread = Background {
      // A thread inherits blocked signals, and those of the tests' executor block all.
      var all = sigset_t()
      unsafe sigfillset(&all)
      unsafe pthread_sigmask(SIG_UNBLOCK, &all, nil)
      let result = call()
      outcome.value.withLock { $0 = result }
    }
    let end = SuspendingClock.now + .seconds(10)
    var signals = 0
    while outcome.value.withLock({ $0 }) == nil, SuspendingClock.now < end {
      thread.interrupt()
      signals += 1
      if signals == 50 { try meanwhile() }
      _ = poll(nil, 0, 1)
    }
    let result = outcome.value.withLock { $0 }
    if result != nil { thread.join() }
    return result
  }
}
