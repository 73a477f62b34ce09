import Glibc

func numericAddress(_ host: String, _ port: String, _ address: inout sockaddr_storage) -> CInt {
  var hints = addrinfo()
  hints.ai_socktype = SOCK_STREAM
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
  var list: UnsafeMutablePointer<addrinfo>
  let code = getaddrinfo(host, port, &hints, &list)
  if code == EAI_SYSTEM { return -errno }
  if code != 0 { return code }
  memcpy(&address, list.pointee.ai_addr, Int(list.pointee.ai_addrlen))
  freeaddrinfo(list)
  return 0
}
