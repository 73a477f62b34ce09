import CLinux
import Glibc

/// Blocks signals in this thread. Returns a descriptor that is readable
/// when one of them is pending, or a negative errno.
func signalDescriptor(_ signals: [CInt]) -> CInt {
  var set = sigset_t()
  unsafe sigemptyset(&set)
  for number in signals {
    guard unsafe sigaddset(&set, number) == 0 else { return -errno }
  }
  // Otherwise the default action would still end the process.
  let error = unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
  guard error == 0 else { return -error }
  let fd = unsafe signalfd(-1, &set, CInt(SFD_CLOEXEC | SFD_NONBLOCK))
  return fd < 0 ? -errno : fd
}

/// Takes one pending signal. Returns its number and its sender, 0 if no
/// signal is pending, or a negative errno.
func takeSignal(_ fd: CInt) -> (number: CInt, sender: pid_t) {
  var info = signalfd_siginfo()
  var size: Int
  repeat {
    size = unsafe read(fd, &info, MemoryLayout<signalfd_siginfo>.size)
  } while size < 0 && errno == EINTR
  if size < 0 { return (errno == EAGAIN ? 0 : -errno, 0) }
  guard size == MemoryLayout<signalfd_siginfo>.size else { return (-EIO, 0) }
  return (CInt(info.ssi_signo), pid_t(bitPattern: info.ssi_pid))
}
