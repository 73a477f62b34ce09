import Glibc

/// Connects within a time. Returns a blocking socket, or a negative errno:
/// -ETIMEDOUT if the server does not answer in time.
func connectWithin(_ milliseconds: Int, to address: sockaddr_in) -> CInt {
  let deadline = SuspendingClock.now + .milliseconds(milliseconds)
  let type =
    SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
  let fd = socket(AF_INET, CInt(type), 0)
  guard fd >= 0 else { return -errno }
  var result = startConnect(fd, address)
  // A connect(2) that a signal interrupts continues, too.
  if result == -EINPROGRESS || result == -EINTR {
    result = finishConnect(fd, deadline)
  }
  if result == 0 && fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK) < 0 {
    result = -errno
  }
  guard result == 0 else {
    close(fd)
    return result
  }
  return fd
}

private func startConnect(_ fd: CInt, _ address: sockaddr_in) -> CInt {
  unsafe withUnsafeBytes(of: address) { bytes in
    let pointer = unsafe bytes.baseAddress!.assumingMemoryBound(
      to: sockaddr.self)
    return unsafe connect(fd, pointer, socklen_t(bytes.count)) < 0
      ? -errno : 0
  }
}

/// Waits until a connection is made or refused. Returns 0 or a negative
/// errno.
private func finishConnect(
  _ fd: CInt, _ deadline: SuspendingClock.Instant
) -> CInt {
  var wait = pollfd(fd: fd, events: Int16(POLLOUT), revents: 0)
  var ready: CInt
  repeat {
    let left = (deadline - SuspendingClock.now) / .milliseconds(1)
    ready = unsafe poll(
      &wait, 1, CInt(min(max(0, left.rounded(.up)), Double(CInt.max))))
  } while ready < 0 && errno == EINTR
  guard ready > 0 else { return ready < 0 ? -errno : -ETIMEDOUT }
  var error: CInt = 0
  var size = socklen_t(MemoryLayout<CInt>.size)
  guard unsafe getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 else {
    return -errno
  }
  return -error
}
