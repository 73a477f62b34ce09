import Glibc

func connectToHost(_ host: String, _ service: String) -> CInt {
  var hints = addrinfo()
  hints.ai_socktype = SOCK_STREAM
  hints.ai_protocol = IPPROTO_TCP
  var list: UnsafeMutablePointer<addrinfo>
  if getaddrinfo(host, service, &hints, &list) != 0 { return -ENOENT }
  var each = list
  while each != nil {
    let fd = socket(each.pointee.ai_family, each.pointee.ai_socktype, 0)
    if connect(fd, each.pointee.ai_addr, each.pointee.ai_addrlen) == 0 {
      return fd
    }
    close(fd)
    each = each.pointee.ai_next
  }
  return -ENOENT
}
