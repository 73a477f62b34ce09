extension Catalogue {
  static let signals = [
    Rule(
      "Signals/BlockedThreads", .refused, .function, "Signals for one thread",
      "A function for a thread captures nothing: its context goes through the pointer.",
      functions: "sigwait sigwaitinfo sigtimedwait"),
    Rule(
      "Signals/BlockedThreads", .asIs, .line, "Blocked signals",
      "The calls are the same; a thread inherits the mask of the thread that creates it.",
      functions: "sigprocmask pthread_sigmask"),
    Rule(
      "Signals/IgnorePipe", .refused, .line, "SIG_IGN and SIG_ERR",
      "Swift can't compare function pointers: unsafeBitCast gives their addresses.",
      words: "SIG_IGN SIG_ERR SIGPIPE"),
    Rule(
      "Signals/IntervalTimer", .refused, .function, "A signal after a time",
      "Another thread can receive SIGALRM, and the call is not interrupted: use poll() with a time.",
      functions: "alarm ualarm setitimer timer_create timer_settime", words: "SIGALRM"),
    Rule(
      "Signals/SelfPipe", .shim, .function, "A signal handler that writes into a pipe",
      "The descriptors are globals: an Atomic contains them; CLinux declares pipe2().", constructs: [.writingHandler]),
    Rule(
      "Signals/SignalAction", .refused, .line, "sigaction()",
      "sa_handler is a macro for a member of a union, which is __sigaction_handler; a handler captures nothing.",
      functions: "sigaction", words: "sa_handler sa_sigaction SA_SIGINFO"),
    Rule(
      "Signals/SignalAction", .shim, .line, "The sender of a signal",
      "si_pid is a macro for a member of a union; CLinux has a function for it.", words: "si_pid si_uid"),
    Rule(
      "Signals/SignalDescriptor", .shim, .function, "Signals as a descriptor",
      "Glibc's module lacks <sys/signalfd.h>, which CLinux includes.",
      functions: "signalfd"),
    Rule(
      "Signals/StopFlag", .refused, .function, "A signal handler that sets a flag",
      "A global variable is refused, and a handler captures nothing: use a global Atomic.",
      functions: "signal", words: "sig_atomic_t"),
  ]
}
