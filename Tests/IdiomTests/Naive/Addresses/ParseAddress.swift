import Glibc

func parseAddress(_ text: String, _ port: UInt16) -> sockaddr_in? {
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = htons(port)
  address.sin_addr.s_addr = inet_addr(text)
  if address.sin_addr.s_addr == INADDR_NONE { return nil }
  return address
}
