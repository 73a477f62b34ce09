import Glibc

func listenAt(_ address: UnsafePointer<sockaddr_in>, _ backlog: CInt) -> CInt {
  let fd = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
  if bind(fd, address as UnsafePointer<sockaddr>, sizeof(sockaddr_in)) < 0 {
    return -errno
  }
  return listen(fd, backlog) < 0 ? -errno : fd
}

func bindTo(_ fd: CInt, _ address: sockaddr_in) -> CInt {
  var address = address
  return bind(fd, &address, socklen_t(MemoryLayout<sockaddr_in>.size))
}
