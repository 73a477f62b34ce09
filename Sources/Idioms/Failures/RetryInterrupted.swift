import Glibc

/// Calls a function of the system until no signal interrupts it. Returns
/// its result, or a negative errno. It is TEMP_FAILURE_RETRY with the
/// errno.
@inline(__always)
func retrying<Result: SignedInteger & FixedWidthInteger>(
  _ call: () -> Result
) -> Result {
  while true {
    let result = call()
    if result >= 0 { return result }
    let error = errno
    if error != EINTR { return Result(-error) }
  }
}

/// Reads once. Returns how many bytes, 0 at the end, or a negative errno. A
/// signal whose handler returns does not end the wait.
func readSome(_ fd: CInt, into buffer: inout MutableSpan<UInt8>) -> Int {
  unsafe buffer.withUnsafeMutableBytes { bytes in
    retrying { unsafe read(fd, bytes.baseAddress, bytes.count) }
  }
}

/// Waits for a child. Returns its status as waitpid(2) gives it, or a
/// negative errno.
func waitChild(_ child: pid_t) -> CInt {
  var status: CInt = 0
  let ended = retrying { unsafe waitpid(child, &status, 0) }
  return ended < 0 ? ended : status
}
