import Glibc

/// Connects to a host, at the first of its addresses that answers. Returns
/// the socket, or a negative errno: -ENOENT if the name has no address.
func connectToHost(_ host: String, service: String) -> CInt {
  var hints = unsafe addrinfo()
  unsafe hints.ai_family = AF_UNSPEC
  unsafe hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
  var list: UnsafeMutablePointer<addrinfo>?
  let code = unsafe getaddrinfo(host, service, &hints, &list)
  guard code == 0 else { return negativeErrno(ofResolver: code) }
  defer { unsafe freeaddrinfo(list) }
  var result = -ENOENT
  var next = unsafe list
  while let each = unsafe next?.pointee {
    let type = unsafe each.ai_socktype | CInt(SOCK_CLOEXEC.rawValue)
    let fd = unsafe socket(each.ai_family, type, each.ai_protocol)
    if fd < 0 {
      result = -errno
    } else {
      result = unsafe connectFully(fd, each.ai_addr, each.ai_addrlen)
      if result == 0 { return fd }
      close(fd)
    }
    unsafe next = each.ai_next
  }
  return result
}

/// Connects a blocking socket. Returns 0, or a negative errno.
private func connectFully(
  _ fd: CInt, _ address: UnsafePointer<sockaddr>, _ size: socklen_t
) -> CInt {
  if unsafe connect(fd, address, size) == 0 { return 0 }
  guard errno == EINTR else { return -errno }
  // The connection goes on, and POSIX lets a second connect(2) fail. At its
  // end the socket is writable, and SO_ERROR is the result.
  var wait = pollfd(fd: fd, events: Int16(POLLOUT), revents: 0)
  while unsafe poll(&wait, 1, -1) < 0 {
    guard errno == EINTR else { return -errno }
  }
  var error: CInt = 0
  var length = socklen_t(MemoryLayout<CInt>.size)
  guard
    unsafe getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0
  else { return -errno }
  return -error
}

private func negativeErrno(ofResolver code: CInt) -> CInt {
  switch code {
  case EAI_SYSTEM: -errno
  case EAI_MEMORY: -ENOMEM
  case EAI_AGAIN: -EAGAIN
  default: -ENOENT
  }
}
