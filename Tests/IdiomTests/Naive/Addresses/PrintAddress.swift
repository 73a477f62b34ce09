import Glibc

func printAddress(_ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> String {
  var host = [CChar](repeating: 0, count: NI_MAXHOST)
  var port = [CChar](repeating: 0, count: NI_MAXSERV)
  getnameinfo(
    address, length, &host, NI_MAXHOST, &port, NI_MAXSERV,
    NI_NUMERICHOST | NI_NUMERICSERV)
  return String(cString: host) + ":" + String(cString: port)
}

func printIPv4(_ address: in_addr) -> String {
  var address = address
  var text = [CChar](repeating: 0, count: INET_ADDRSTRLEN)
  inet_ntop(AF_INET, &address, &text, INET_ADDRSTRLEN)
  return String(cString: text)
}
