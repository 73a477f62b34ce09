import Glibc

func openLog(_ path: String) -> CInt {
  var fd: CInt
  repeat {
    fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644)
  } while fd < 0 && errno == EINTR
  return fd < 0 ? -errno : fd
}
