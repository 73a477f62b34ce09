import Glibc

func interfaceOf(_ wanted: in_addr) -> CInt {
  var list: UnsafeMutablePointer<ifaddrs>?
  if getifaddrs(&list) < 0 { return -errno }
  var each = list
  while each {
    if each.ifa_addr.sa_family == AF_INET {
      let address = each.ifa_addr as! UnsafeMutablePointer<sockaddr_in>
      if address.sin_addr == wanted { return if_nametoindex(each.ifa_name) }
    }
    each = each.ifa_next
  }
  freeifaddrs(list)
  return -EADDRNOTAVAIL
}
