import Glibc

/// Reads once, and waits no longer than a time. Returns the number of bytes,
/// 0 at the end, or a negative errno: -ETIMEDOUT if no byte came.
func readBefore(
  _ fd: CInt, _ buffer: inout MutableSpan<UInt8>, milliseconds: Int
) -> Int {
  let end = SuspendingClock.now + .milliseconds(milliseconds)
  var wait = pollfd(fd: fd, events: Int16(POLLIN), revents: 0)
  while true {
    // Rounded up: a time of 0 would not wait, and use the processor.
    let rest = (end - SuspendingClock.now) / .milliseconds(1)
    let time = CInt(clamping: Int64(max(rest, 0).rounded(.up)))
    let ready = unsafe poll(&wait, 1, time)
    if ready < 0 && errno != EINTR { return -Int(errno) }
    if ready == 0 { return -Int(ETIMEDOUT) }
    if ready > 0 { break }
  }
  var count: Int
  repeat {
    count = unsafe buffer.withUnsafeMutableBytes {
      unsafe read(fd, $0.baseAddress, $0.count)
    }
  } while count < 0 && errno == EINTR
  return count < 0 ? -Int(errno) : count
}
