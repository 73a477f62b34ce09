import Glibc

func peerAddress(_ fd: CInt) -> sockaddr {
  var address = sockaddr()
  var length = socklen_t(MemoryLayout<sockaddr>.size)
  getpeername(fd, &address, &length)
  return address
}
