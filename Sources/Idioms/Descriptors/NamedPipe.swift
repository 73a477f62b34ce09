import Glibc

/// Opens a named pipe for writing, and creates it if it is missing. Returns
/// a descriptor, or a negative errno: -ENXIO while no process reads from
/// it, -EEXIST if the name belongs to another kind of file.
func openNamedPipe(_ path: String) -> CInt {
  if unsafe mkfifo(path, 0o600) != 0 {
    let error = errno
    if error != EEXIST { return -error }
  }
  let fd = unsafe open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
  if fd < 0 { return -errno }
  var status = stat()
  var error: CInt = unsafe fstat(fd, &status) < 0 ? errno : 0
  if error == 0 && status.st_mode & S_IFMT != S_IFIFO { error = EEXIST }
  if error == 0 { return fd }
  close(fd)
  return -error
}
