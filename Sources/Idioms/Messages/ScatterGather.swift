import Glibc

/// Writes a header and a body, and waits while the descriptor is full.
/// Returns 0, or a negative errno: -ETIMEDOUT if it stays full for the
/// milliseconds. After an error the peer may have a part of the message, so
/// the connection must be closed.
func writeMessage(
  _ fd: CInt, head: Span<UInt8>, body: Span<UInt8>, milliseconds: CInt
) -> CInt {
  var done = 0
  while done < head.count + body.count {
    let written = writeOnce(
      fd, head.extracting(droppingFirst: min(done, head.count)),
      body.extracting(droppingFirst: max(0, done - head.count)))
    if written >= 0 {
      done += written
    } else if written == -Int(EAGAIN) {
      let error = waitForRoom(fd, milliseconds)
      if error < 0 { return error }
    } else if written != -Int(EINTR) {
      return CInt(written)
    }
  }
  return 0
}

/// Waits until the descriptor has room. Returns 0, or a negative errno.
private func waitForRoom(_ fd: CInt, _ milliseconds: CInt) -> CInt {
  let deadline = SuspendingClock.now + .milliseconds(Int(milliseconds))
  var wait = pollfd(fd: fd, events: Int16(POLLOUT), revents: 0)
  var ready: CInt
  repeat {
    let left = (deadline - SuspendingClock.now) / .milliseconds(1)
    ready = unsafe poll(&wait, 1, CInt(max(0, left.rounded(.up))))
  } while ready < 0 && errno == EINTR
  if ready == 0 { return -ETIMEDOUT }
  return ready < 0 ? -errno : 0
}

/// Returns the number of bytes that were written, or a negative errno.
private func writeOnce(
  _ fd: CInt, _ head: Span<UInt8>, _ body: Span<UInt8>
) -> Int {
  unsafe head.withUnsafeBytes { head in
    unsafe body.withUnsafeBytes { body in
      // writev(2) only reads; `iov_base` is mutable for readv(2).
      let parts: [2 of iovec] = unsafe [
        iovec(
          iov_base: UnsafeMutableRawPointer(mutating: head.baseAddress),
          iov_len: head.count),
        iovec(
          iov_base: UnsafeMutableRawPointer(mutating: body.baseAddress),
          iov_len: body.count),
      ]
      return unsafe parts.span.withUnsafeBufferPointer {
        let written = unsafe writev(fd, $0.baseAddress, CInt($0.count))
        return written < 0 ? -Int(errno) : written
      }
    }
  }
}
