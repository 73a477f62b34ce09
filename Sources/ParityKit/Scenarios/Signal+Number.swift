internal import Glibc

extension Signal {
  var number: CInt {
    switch self {
    case .hangup: SIGHUP
    case .interrupt: SIGINT
    case .quit: SIGQUIT
    case .kill: SIGKILL
    case .user1: SIGUSR1
    case .user2: SIGUSR2
    case .pipe: SIGPIPE
    case .terminate: SIGTERM
    case .stop: SIGSTOP
    case .resume: SIGCONT
    }
  }

  /// The name of a signal such as `SIGTERM`, or its number if scenarios can't send it.
  static func name(_ number: CInt) -> String {
    if let signal = allCases.first(where: { $0.number == number }) { return "SIG\(signal.rawValue)" }
    let others: [CInt: String] = [
      SIGSEGV: "SIGSEGV", SIGABRT: "SIGABRT", SIGILL: "SIGILL", SIGBUS: "SIGBUS",
      SIGFPE: "SIGFPE", SIGTRAP: "SIGTRAP", SIGALRM: "SIGALRM",
    ]
    return others[number] ?? "signal \(number)"
  }
}
