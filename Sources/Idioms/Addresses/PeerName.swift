import Glibc

/// Returns the address of a connection's other end, and its length or a
/// negative errno.
func peerAddress(_ fd: CInt) -> (length: CInt, address: sockaddr_storage) {
  fillAddress { unsafe getpeername(fd, $0, $1) }
}

/// Returns the address of this end: after bind(2) to port 0, the port that
/// the kernel chose.
func localAddress(_ fd: CInt) -> (length: CInt, address: sockaddr_storage) {
  fillAddress { unsafe getsockname(fd, $0, $1) }
}

/// Lets a system call fill an address that has room for any family.
@safe private func fillAddress(
  _ call: (
    UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>
  ) -> CInt
) -> (length: CInt, address: sockaddr_storage) {
  var address = sockaddr_storage()
  var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
  let result = unsafe withUnsafeMutableBytes(of: &address) { bytes in
    let pointer = unsafe bytes.baseAddress!.assumingMemoryBound(
      to: sockaddr.self)
    return unsafe call(pointer, &length) < 0 ? -errno : 0
  }
  return (result < 0 ? result : CInt(length), address)
}
