import Glibc

func openNamedPipe(_ path: String) -> CInt {
  if mkfifo(path, 0600) < 0 && errno != EEXIST { return -errno }
  let fd = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
  if fd < 0 { return -errno }
  var status = stat()
  var error = fstat(fd, &status) < 0 ? errno : 0
  if error == 0 && !S_ISFIFO(status.st_mode) { error = EEXIST }
  if error == 0 { return fd }
  close(fd)
  return -error
}
