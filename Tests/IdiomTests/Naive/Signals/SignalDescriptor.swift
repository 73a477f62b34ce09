import Glibc

func signalDescriptor(_ signals: [CInt]) -> CInt {
  var set = sigset_t()
  sigemptyset(&set)
  for number in signals { sigaddset(&set, number) }
  sigprocmask(SIG_BLOCK, &set, nil)
  return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK)
}

func takeSignal(_ fd: CInt) -> CInt {
  var info = signalfd_siginfo()
  let size = read(fd, &info, sizeof(signalfd_siginfo))
  return size < 0 ? -errno : CInt(info.ssi_signo)
}
