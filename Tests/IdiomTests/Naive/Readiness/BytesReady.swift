import Glibc

func bytesReady(_ fd: CInt) -> CInt {
  var count: CInt = 0
  if ioctl(fd, FIONREAD, &count) < 0 { return -errno }
  return count
}
