import Glibc

/// Calls a function of the system. Returns its result, or a negative errno
/// if the result is negative. Nothing runs between the call and its error.
@inline(__always)
func negativeErrno<Result: SignedInteger & FixedWidthInteger>(
  _ call: () -> Result
) -> Result {
  let result = call()
  return result < 0 ? Result(-errno) : result
}

/// Opens a file, and writes a line to a log if that fails. Returns a
/// descriptor, or a negative errno: that of open(2), whatever the log does.
func openOrReport(_ path: String, log: CInt) -> CInt {
  var fd: CInt
  repeat {
    fd = negativeErrno { unsafe open(path, O_RDONLY | O_CLOEXEC) }
  } while fd == -EINTR  // A named pipe waits for its writer.
  if fd < 0 {
    let text = unsafe String(cString: strerror(-fd))
    let line = Array("\(path): \(text)\n".utf8.prefix(511))
    // If the log is lost, the error of open(2) remains the result.
    _ = unsafe write(log, line, line.count)
  }
  return fd
}
