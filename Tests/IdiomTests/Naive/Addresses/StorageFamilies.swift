import Glibc

func storagePort(_ storage: sockaddr_storage) -> CInt {
  switch storage.ss_family {
  case AF_INET: return ntohs((storage as! sockaddr_in).sin_port)
  case AF_INET6: return ntohs((storage as! sockaddr_in6).sin6_port)
  default: return -EAFNOSUPPORT
  }
}

func storageV6Port(_ storage: sockaddr_storage) -> in_port_t {
  (storage as! sockaddr_in6).sin6_port
}
