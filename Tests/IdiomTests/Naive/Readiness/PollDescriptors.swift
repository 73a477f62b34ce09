import Glibc

func pollReady(
  _ set: inout [pollfd], _ milliseconds: CInt,
  _ handle: (inout pollfd, Bool, Bool) -> Void
) -> CInt {
  let ready = poll(&set, set.count, milliseconds)
  if ready < 0 { return -errno }
  var given = 0
  for i in 0..<set.count {
    let events = set[i].revents
    if events & POLLNVAL { return -EBADF }
    let canRead = events & (POLLIN | POLLHUP | POLLERR)
    let canWrite = events & (POLLOUT | POLLERR)
    if events {
      handle(&set[i], canRead, canWrite)
      given += 1
    }
  }
  return given
}

func watchForInput(_ entry: inout pollfd) {
  entry.events = POLLIN
}
