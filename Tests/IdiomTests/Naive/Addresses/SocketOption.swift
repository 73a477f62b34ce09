import Glibc

func tuneConnection(_ fd: CInt, _ milliseconds: Int) -> CInt {
  var on = 1
  var limit = timeval(tv_sec: milliseconds / 1000, tv_usec: milliseconds % 1000 * 1000)
  if setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) < 0 { return -errno }
  if setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) < 0 { return -errno }
  return 0
}
