import Glibc

func acceptPeer(_ listener: CInt, _ peer: inout sockaddr_storage) -> CInt {
  var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
  let fd = accept4(listener, &peer, &length, SOCK_CLOEXEC)
  return fd < 0 ? -errno : fd
}

func acceptPlain(_ listener: CInt, _ peer: inout sockaddr_storage) -> CInt {
  var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
  return accept(listener, &peer, &length)
}
