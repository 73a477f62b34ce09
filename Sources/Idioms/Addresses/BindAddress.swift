import Glibc

/// Returns a socket that listens at the address, or a negative errno.
func listenAt(_ address: sockaddr_in, backlog: CInt) -> CInt {
  let type = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue
  let fd = socket(AF_INET, CInt(type), 0)
  guard fd >= 0 else { return -errno }
  var on: CInt = 1
  let size = socklen_t(MemoryLayout<CInt>.size)
  guard unsafe setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, size) == 0,
    withSocketAddress(address, { unsafe bind(fd, $0, $1) }) == 0,
    listen(fd, backlog) == 0
  else {
    let error = errno
    close(fd)
    return -error
  }
  return fd
}

/// Passes an address of any family to a call that takes `struct sockaddr
/// *`.
@safe func withSocketAddress<Address: SocketAddressStructure, Result>(
  _ address: Address, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
) -> Result {
  // The kernel reads the bytes; no Swift code reads them as `sockaddr`.
  unsafe withUnsafeBytes(of: address) { bytes in
    unsafe body(
      bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self),
      socklen_t(bytes.count))
  }
}

/// The structures that begin as `struct sockaddr` does.
protocol SocketAddressStructure {}
extension sockaddr_in: SocketAddressStructure {}
extension sockaddr_in6: SocketAddressStructure {}
extension sockaddr_un: SocketAddressStructure {}
