import Glibc

/// Waits until a descriptor of the set is ready, at its end, or has an
/// error. Returns the index of the first one, or a negative errno:
/// -ETIMEDOUT, or -EBADF if a descriptor is closed.
func pollFirst(_ set: inout [pollfd], milliseconds: Int) -> CInt {
  let deadline = SuspendingClock.now + .milliseconds(milliseconds)
  var ready: CInt
  repeat {
    let left = (deadline - SuspendingClock.now) / .milliseconds(1)
    ready = unsafe poll(
      &set, nfds_t(set.count), CInt(min(max(0, left.rounded(.up)), Double(CInt.max))))
  } while ready < 0 && errno == EINTR
  guard ready >= 0 else { return -errno }
  // At the end of a pipe POLLHUP comes alone: read(2) then returns 0.
  guard let first = set.firstIndex(where: { $0.revents != 0 }) else {
    return -ETIMEDOUT
  }
  return CInt(set[first].revents) & POLLNVAL != 0 ? -EBADF : CInt(first)
}
