import Glibc

var lastSender: pid_t = 0

func noteSender(
  _ number: CInt, _ info: UnsafeMutablePointer<siginfo_t>!,
  _ context: UnsafeMutableRawPointer!
) {
  lastSender = info.pointee.si_pid
}

func catchSender(_ number: CInt) -> CInt {
  var action = sigaction()
  action.sa_sigaction = noteSender
  action.sa_flags = SA_SIGINFO | SA_RESTART
  sigfillset(&action.sa_mask)
  return sigaction(number, &action, nil) < 0 ? -errno : 0
}

func resetAction(_ number: CInt) -> CInt {
  var action = sigaction()
  action.sa_handler = SIG_DFL
  return sigaction(number, &action, nil) < 0 ? -errno : 0
}
