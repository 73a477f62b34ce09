import Glibc

func loopbackAddress(_ port: Int) -> sockaddr_in {
  var address = sockaddr_in()
  address.sin_family = AF_INET
  address.sin_port = htons(port)
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK)
  return address
}
