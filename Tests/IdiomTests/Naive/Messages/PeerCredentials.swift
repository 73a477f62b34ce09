import Glibc

func peerCredentials(_ fd: CInt, _ process: inout pid_t, _ user: inout uid_t) -> CInt {
  var peer = ucred()
  var size = socklen_t(MemoryLayout<ucred>.size)
  if getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0 {
    return -errno
  }
  process = peer.pid
  user = peer.uid
  return 0
}
