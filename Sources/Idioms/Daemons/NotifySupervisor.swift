import Glibc

/// Sends a state such as "READY=1" to systemd. The name is that of the
/// variable NOTIFY_SOCKET, or nil. Returns 1, or 0 without a supervisor, or
/// a negative errno.
func notifySupervisor(_ name: String?, _ state: String) -> CInt {
  guard let name, !name.isEmpty else { return 0 }
  var address = sockaddr_un()
  address.sun_family = sa_family_t(AF_UNIX)
  var path = Array(name.utf8)
  guard path.count < MemoryLayout.size(ofValue: address.sun_path) else {
    return -ENAMETOOLONG
  }
  // "@" means the byte zero: an abstract name, whose length ends it.
  if path[0] == UInt8(ascii: "@") { path[0] = 0 }
  unsafe withUnsafeMutableBytes(of: &address.sun_path) { room in
    unsafe room.copyBytes(from: path)
  }
  let start = MemoryLayout<sockaddr_un>.offset(of: \.sun_path)!
  let size = socklen_t(start + path.count)
  let fd = socket(
    AF_UNIX, CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
  guard fd >= 0 else { return -errno }
  defer { close(fd) }
  let message = Array(state.utf8)
  var n: Int
  repeat {
    n = unsafe withUnsafePointer(to: address) { address in
      unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe sendto(
          fd, message, message.count, CInt(MSG_NOSIGNAL), $0, size)
      }
    }
  } while n < 0 && errno == EINTR
  return n < 0 ? -errno : 1
}
