import Glibc

func setNonBlocking(_ fd: CInt) -> CInt {
  let flags = fcntl(fd, F_GETFL, 0)
  if flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 { return -errno }
  return 0
}
