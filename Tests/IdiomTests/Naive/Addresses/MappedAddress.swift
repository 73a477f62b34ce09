import Glibc

func unmapAddress(_ from: sockaddr_in6) -> sockaddr_in? {
  if !IN6_IS_ADDR_V4MAPPED(from.sin6_addr) { return nil }
  var to = sockaddr_in()
  to.sin_family = sa_family_t(AF_INET)
  to.sin_port = from.sin6_port
  memcpy(&to.sin_addr, &from.sin6_addr.s6_addr[12], 4)
  return to
}
