import Glibc

/// Makes the address of a Unix socket. Returns nil if the path is empty or
/// too long, or contains a NUL, which the kernel would take for its end.
func socketPath(_ path: String) -> sockaddr_un? {
  let path = Array(path.utf8)
  var address = sockaddr_un()
  // The NUL that follows the path stays within the field.
  let room = MemoryLayout.size(ofValue: address.sun_path)
  guard 1..<room ~= path.count, !path.contains(0) else { return nil }
  address.sun_family = sa_family_t(AF_UNIX)
  unsafe withUnsafeMutableBytes(of: &address.sun_path) {
    unsafe $0.copyBytes(from: path)
  }
  return address
}
