import Glibc

func openOrReport(_ path: String, _ log: CInt) -> CInt {
  let fd = open(path, O_RDONLY | O_CLOEXEC)
  if fd >= 0 { return fd }
  let error = errno
  let line = path + ": " + String(cString: strerror(error)) + "\n"
  if write(log, line, strlen(line)) < 0 {
    // The log is lost.
  }
  return -error
}
