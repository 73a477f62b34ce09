import Glibc

/// Makes the address of a port on this machine, 127.0.0.1. Returns nil if
/// there is no such port.
func loopbackAddress(port: Int) -> sockaddr_in? {
  // UInt16(port) would trap at 65536, where C's cast silently gives port 0.
  guard let port = UInt16(exactly: port) else { return nil }
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = port.bigEndian
  address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
  return address
}
