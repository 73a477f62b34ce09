import Glibc

func sendAll(_ fd: CInt, _ bytes: UnsafePointer<UInt8>, _ size: Int, _ more: Bool) -> CInt {
  var sent = 0
  while sent < size {
    let count = send(fd, bytes + sent, size - sent, MSG_NOSIGNAL | (more ? MSG_MORE : 0))
    if count < 0 { return -errno }
    sent += count
  }
  return 0
}
