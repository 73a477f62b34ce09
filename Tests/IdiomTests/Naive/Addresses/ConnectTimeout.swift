import Glibc

func connectWithin(_ address: UnsafePointer<sockaddr>, _ length: socklen_t, _ milliseconds: CInt) -> CInt {
  let fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)
  if connect(fd, address, length) < 0 && errno != EINPROGRESS { return -errno }
  var wait = pollfd(fd: fd, events: POLLOUT, revents: 0)
  if poll(&wait, 1, milliseconds) == 0 { return -ETIMEDOUT }
  var error = 0
  var size = socklen_t(MemoryLayout<CInt>.size)
  getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size)
  return error != 0 ? -error : fd
}
