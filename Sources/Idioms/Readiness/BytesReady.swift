import Glibc

/// Returns the number of bytes that can be read without waiting, or a
/// negative errno.
func bytesReady(_ fd: CInt) -> CInt {
  var count: CInt = 0
  guard unsafe ioctl(fd, UInt(FIONREAD), &count) == 0 else { return -errno }
  return count
}
