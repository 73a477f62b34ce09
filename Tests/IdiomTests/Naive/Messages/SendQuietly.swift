import Glibc

func sendAll(
  _ fd: CInt, _ bytes: UnsafePointer<UInt8>, _ size: Int, _ more: Bool, _ done: inout Int
) -> CInt {
  while done < size {
    let count = send(fd, bytes + done, size - done, MSG_NOSIGNAL | (more ? MSG_MORE : 0))
    if count < 0 { return -errno }
    done += count
  }
  return 0
}
