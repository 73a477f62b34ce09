import Glibc

func echoDatagram(_ fd: CInt) -> Int {
  var buffer = [UInt8](repeating: 0, count: 1472)
  var peer = sockaddr_storage()
  var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
  let count = recvfrom(fd, &buffer, buffer.count, MSG_TRUNC, &peer, &length)
  if count < 0 { return -errno }
  return sendto(fd, &buffer, count, 0, &peer, length)
}
