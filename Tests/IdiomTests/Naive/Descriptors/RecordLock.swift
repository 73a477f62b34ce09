import Glibc

func lockRecord(_ fd: CInt, _ start: off_t, _ count: off_t) -> CInt {
  var lock = flock()
  lock.l_type = F_WRLCK
  lock.l_whence = SEEK_SET
  lock.l_start = start
  lock.l_len = count
  if fcntl(fd, F_SETLK, &lock) == 0 { return 0 }
  return errno == EACCES ? -EAGAIN : -errno
}
