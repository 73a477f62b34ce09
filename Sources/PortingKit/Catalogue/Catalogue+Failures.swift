extension Catalogue {
  static let failures = [
    Rule(
      "Failures/CleanUp", .refused, .function, "goto a label that cleans up",
      "Swift has no goto: a defer stands behind each resource.", constructs: [.jumpOut]),
    Rule(
      "Failures/ErrnoAtOnce", .wrong, .line, "errno that is read after another call",
      "The call may have changed it, in C as in Swift: save errno first.", constructs: [.lateErrno]),
    Rule(
      "Failures/ErrnoAtOnce", .asIs, .line, "errno",
      "It works if it is read at once: Swift releases strings and arrays at the end of a scope, which may change it.",
      words: "errno"),
    Rule(
      "Failures/ErrorText", .refused, .line, "The text of an error",
      "Glibc's module has the strerror_r() of POSIX, which returns a number.",
      functions: "strerror strerror_r perror psignal strsignal"),
    Rule(
      "Failures/FatalError", .refused, .line, "err(), atexit() and their siblings",
      "err() is variadic, and its header is not in Glibc's module; a function for atexit() captures nothing.",
      functions: "err errx errc verr verrx warn warnx warnc vwarn vwarnx error atexit on_exit"),
    Rule(
      "Failures/LongJump", .refused, .design, "setjmp() and longjmp()",
      "Swift does not import them: functions throw instead.",
      words: "setjmp _setjmp sigsetjmp longjmp siglongjmp"),
    Rule(
      "Failures/NameErrors", .refused, .function, "The errors of getaddrinfo()",
      "EAI_NONAME and ENOENT are the same number: an enumeration keeps both kinds apart.",
      functions: "gai_strerror", words: "EAI_*"),
    Rule(
      "Failures/RetryInterrupted", .refused, .line, "Calls that a signal interrupts",
      "TEMP_FAILURE_RETRY is a macro: a function with a closure does the same.", words: "EINTR TEMP_FAILURE_RETRY"),
  ]
}
