import Glibc

func closeWithReset(_ fd: CInt) -> CInt {
  var abort = linger(l_onoff: true, l_linger: 0)
  if setsockopt(fd, SOL_SOCKET, SO_LINGER, &abort, sizeof(abort)) < 0 {
    return -errno
  }
  return close(fd)
}
