import Glibc

func writeAll(_ fd: CInt, _ bytes: UnsafeRawPointer, _ count: Int) -> CInt {
  var at = bytes
  var count = count
  var n: Int
  while count > 0 {
    if (n = write(fd, at, count)) < 0 {
      if errno == EINTR { continue }
      return -errno
    }
    at += n
    count -= n
  }
  return 0
}
