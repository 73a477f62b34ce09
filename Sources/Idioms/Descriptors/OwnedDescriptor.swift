import Glibc

/// Owns a descriptor: it is closed when the owner goes out of scope, on
/// each path out of a function.
struct OwnedDescriptor: ~Copyable {
  let fd: CInt

  init(_ fd: CInt) { self.fd = fd }
  deinit { close(fd) }

  /// Gives the descriptor to the caller, which then has to close it.
  consuming func release() -> CInt {
    let fd = fd
    discard self
    return fd
  }
}

/// Returns a TCP socket that listens on an address, or a negative errno.
func listenOn(_ address: sockaddr_in, backlog: CInt) -> CInt {
  let type = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue
  let fd = socket(AF_INET, CInt(type), 0)
  guard fd >= 0 else { return -errno }
  let owner = OwnedDescriptor(fd)

  var on: CInt = 1
  let size = socklen_t(MemoryLayout<CInt>.size)
  guard unsafe setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, size) == 0 else {
    return -errno
  }
  let bound = unsafe withUnsafeBytes(of: address) { bytes in
    let general = unsafe bytes.assumingMemoryBound(to: sockaddr.self)
    return unsafe bind(fd, general.baseAddress, socklen_t(bytes.count))
  }
  guard bound == 0, listen(fd, backlog) == 0 else { return -errno }
  return owner.release()
}
