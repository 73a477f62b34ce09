import Glibc

func listenOn(_ address: UnsafePointer<sockaddr>, _ backlog: CInt) -> CInt {
  let fd = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
  if fd < 0 { return -errno }
  if bind(fd, address, socklen_t(MemoryLayout<sockaddr_in>.size)) < 0 {
    goto fail
  }
  if listen(fd, backlog) < 0 { goto fail }
  return fd

fail:
  let error = errno
  close(fd)
  return -error
}
