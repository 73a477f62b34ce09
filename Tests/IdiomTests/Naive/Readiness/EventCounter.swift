import Glibc

func eventCounter() -> CInt {
  eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)
}

func notifyEvent(_ fd: CInt) -> CInt {
  var one = 1
  return write(fd, &one, sizeof(one)) < 0 ? -errno : 0
}
