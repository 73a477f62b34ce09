import CLinux
import Glibc

/// Accepts a client. Returns its socket, or a negative errno, and its
/// address.
func acceptPeer(_ listener: CInt) -> (fd: CInt, peer: sockaddr_storage) {
  while true {
    var peer = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let fd = unsafe withUnsafeMutableBytes(of: &peer) { bytes in
      let address = unsafe bytes.baseAddress!.assumingMemoryBound(
        to: sockaddr.self)
      return unsafe accept4(
        listener, address, &length, CInt(SOCK_CLOEXEC.rawValue))
    }
    if fd >= 0 { return (fd, peer) }
    let error = errno
    // ECONNABORTED: this client is gone; the next one may wait.
    if error != EINTR && error != ECONNABORTED { return (-error, peer) }
  }
}
