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
    if unsafe fd >= 0 && connect(fd, each.ai_addr, each.ai_addrlen) == 0 {
      return fd
    }
    result = -errno
    if fd >= 0 { close(fd) }
    unsafe next = each.ai_next
  }
  return result
}

private func negativeErrno(ofResolver code: CInt) -> CInt {
  switch code {
  case EAI_SYSTEM: -errno
  case EAI_MEMORY: -ENOMEM
  case EAI_AGAIN: -EAGAIN
  default: -ENOENT
  }
}
