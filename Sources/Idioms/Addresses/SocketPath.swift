import Glibc

/// Makes the address of a Unix socket. Returns nil if the path is too long.
func socketPath(_ path: String) -> sockaddr_un? {
  let path = Array(path.utf8)
  var address = sockaddr_un()
  // The kernel needs no NUL, but getsockname(2) and other readers expect one within the field.
  guard path.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
  address.sun_family = sa_family_t(AF_UNIX)
  unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path) }
  return address
}
