import Glibc

func writePidFile(_ path: String) -> CInt {
  let fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644)
  if fd < 0 { return -errno }
  if flock(fd, LOCK_EX | LOCK_NB) < 0 {
    close(fd)
    return -errno
  }
  ftruncate(fd, 0)
  dprintf(fd, "%d\n", getpid())
  return fd
}
