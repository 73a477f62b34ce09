import Glibc

/// Opens a log for appending, and creates it with mode 0644. Returns a
/// descriptor, or a negative errno.
func openLog(_ path: String) -> CInt {
  let flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC
  while true {
    let fd = unsafe open(path, flags, 0o644)
    if fd >= 0 { return fd }
    let error = errno
    if error != EINTR { return -error }
  }
}
