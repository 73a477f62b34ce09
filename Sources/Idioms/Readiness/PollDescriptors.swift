import Glibc

/// Waits, and gives each entry that is ready to the handler, which may
/// change `events`, and sets `fd` to -1 to remove an entry. A negative time
/// has no end. Returns how many it gave, or a negative errno: -ETIMEDOUT if
/// none was ready in time, -EBADF if one is closed.
func pollReady(
  _ set: inout [pollfd], milliseconds: Int,
  handle: (inout pollfd, _ canRead: Bool, _ canWrite: Bool) -> Void
) -> CInt {
  let ready = poll(&set, milliseconds)
  guard ready > 0 else { return ready < 0 ? ready : -ETIMEDOUT }
  if set.contains(where: { $0.events(POLLNVAL) }) { return -EBADF }
  var given: CInt = 0
  for i in set.indices where set[i].revents != 0 {
    // The handler of another entry may have removed this one.
    if set[i].fd < 0 { continue }
    // At the end POLLHUP can come alone: read(2) then returns 0. After
    // POLLERR, read(2) and write(2) return the error.
    let canRead = set[i].events(POLLIN | POLLHUP | POLLERR)
    let canWrite = set[i].events(POLLOUT | POLLERR)
    handle(&set[i], canRead, canWrite)
    given += 1
  }
  return given
}

private func poll(_ set: inout [pollfd], _ milliseconds: Int) -> CInt {
  let deadline = SuspendingClock.now + .milliseconds(milliseconds)
  var ready: CInt
  repeat {
    let left = (deadline - SuspendingClock.now) / .milliseconds(1)
    let time = CInt(min(max(0, left.rounded(.up)), Double(CInt.max)))
    ready = unsafe Glibc.poll(
      &set, nfds_t(set.count), milliseconds < 0 ? -1 : time)
  } while ready < 0 && errno == EINTR
  return ready < 0 ? -errno : ready
}

extension pollfd {
  /// Whether one of the events has arrived: `revents` is an Int16, and the
  /// constants are CInt.
  fileprivate func events(_ wanted: CInt) -> Bool {
    CInt(revents) & wanted != 0
  }
}
