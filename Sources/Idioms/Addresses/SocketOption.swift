import Glibc

/// Sends small packets at once, and lets recv(2) and send(2) fail with
/// EAGAIN after a time. Returns 0, or a negative errno.
func tuneConnection(_ fd: CInt, milliseconds: Int) -> CInt {
  let limit = timeval(
    tv_sec: milliseconds / 1000,
    tv_usec: milliseconds % 1000 * 1000)
  guard setOption(fd, CInt(IPPROTO_TCP), TCP_NODELAY, CInt(1)),
    setOption(fd, SOL_SOCKET, SO_RCVTIMEO, limit),
    setOption(fd, SOL_SOCKET, SO_SNDTIMEO, limit)
  else { return -errno }
  return 0
}

/// Sets an option whose value has the C type of `value`.
private func setOption<Value: BitwiseCopyable>(
  _ fd: CInt, _ level: CInt, _ name: CInt, _ value: Value
) -> Bool {
  // The kernel reads the value within the call.
  unsafe withUnsafeBytes(of: value) {
    unsafe setsockopt(fd, level, name, $0.baseAddress, socklen_t($0.count))
      == 0
  }
}
