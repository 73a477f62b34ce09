import Glibc

/// Returns the index of the interface that has the IPv4 address, or a
/// negative errno: -EADDRNOTAVAIL if no interface has it.
func interfaceOf(_ wanted: in_addr) -> CInt {
  var list: UnsafeMutablePointer<ifaddrs>?
  guard unsafe getifaddrs(&list) == 0 else { return -errno }
  defer { unsafe freeifaddrs(list) }
  var next = unsafe list
  while let each = unsafe next?.pointee {
    unsafe next = each.ifa_next
    // An interface without an address, such as a tunnel, has a null pointer.
    guard let address = unsafe each.ifa_addr,
      unsafe CInt(address.pointee.sa_family) == AF_INET
    else { continue }
    // The family says that a whole sockaddr_in is there.
    let v4 = unsafe UnsafeRawPointer(address).load(as: sockaddr_in.self)
    guard v4.sin_addr.s_addr == wanted.s_addr else { continue }
    let index = unsafe if_nametoindex(each.ifa_name)
    return index != 0 ? CInt(index) : -errno
  }
  return -EADDRNOTAVAIL
}
