import Glibc

func lockFile(_ fd: CInt) async -> CInt {
  while flock(fd, LOCK_EX) < 0 {
    if errno != EINTR { return -errno }
  }
  return 0
}
