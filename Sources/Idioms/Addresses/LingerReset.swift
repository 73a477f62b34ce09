import Glibc

/// Closes a TCP connection with a reset: unsent data is dropped, and the
/// peer gets ECONNRESET. Returns 0, or a negative errno. The descriptor is
/// closed in any case.
func closeWithReset(_ fd: CInt) -> CInt {
  var abort = linger(l_onoff: 1, l_linger: 0)
  let size = socklen_t(MemoryLayout<linger>.size)
  var error: CInt = 0
  if unsafe setsockopt(fd, SOL_SOCKET, SO_LINGER, &abort, size) < 0 {
    error = errno
  }
  if close(fd) < 0 && error == 0 { error = errno }
  return -error
}
