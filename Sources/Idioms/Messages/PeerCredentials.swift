import CLinux
import Glibc

/// Returns the process and the user that connected to a Unix socket, or a
/// negative errno: -ENODATA if the socket has no peer of this kind.
func peerCredentials(_ fd: CInt) -> (result: CInt, peer: linux_ucred) {
  var peer = linux_ucred()
  var size = socklen_t(MemoryLayout<linux_ucred>.size)
  guard unsafe getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0
  else { return (-errno, peer) }
  // Other families give 0 and -1.
  guard size == MemoryLayout<linux_ucred>.size && peer.pid != 0 else {
    return (-ENODATA, peer)
  }
  return (0, peer)
}
