import Glibc

func ignoreSignal(_ number: CInt) -> CInt {
  let before = signal(number, SIG_IGN)
  if before == SIG_ERR {
    return -errno
  }
  return before == SIG_IGN ? 1 : 0
}
