import Glibc

/// Finds the IPv4 address of a client of an IPv6 socket: ::ffff:192.0.2.1
/// is 192.0.2.1. Returns nil if the client has an IPv6 address.
func unmapAddress(_ from: sockaddr_in6) -> sockaddr_in? {
  // Any bytes are a valid in6_addr, and an array has no padding.
  let bytes = unsafe withUnsafeBytes(of: from.sin6_addr) { unsafe Array($0) }
  guard bytes[..<10].allSatisfy({ $0 == 0 }), bytes[10...11] == [0xff, 0xff]
  else { return nil }
  var to = sockaddr_in()
  to.sin_family = sa_family_t(AF_INET)
  to.sin_port = from.sin6_port
  unsafe withUnsafeMutableBytes(of: &to.sin_addr) {
    unsafe $0.copyBytes(from: bytes[12...])
  }
  return to
}
