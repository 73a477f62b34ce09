import Glibc

/// Writes a message to standard error, as perror(3) does, and keeps errno.
func complain(_ program: String, _ what: String, _ error: CInt) {
  let saved = errno
  let text = unsafe String(cString: strerror(error))
  let line = "\(program): \(what): \(text)\n"
  _ = writeAll(STDERR_FILENO, line.utf8Span.span)
  errno = saved
}
