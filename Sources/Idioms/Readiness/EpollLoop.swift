import CLinux
import Glibc

/// Adds a descriptor to an epoll instance. Its events have the token.
/// Returns 0, or a negative errno.
func epollWatch(_ epoll: CInt, _ fd: CInt, events: UInt32, token: UInt64)
  -> CInt
{
  var event = unsafe epoll_event(
    events: events, data: epoll_data_t(u64: token))
  return unsafe epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0 ? -errno : 0
}

/// Waits for events, and gives each one to the handler until it returns
/// false. Returns 0 then, or a negative errno: -ETIMEDOUT if no event came
/// in time.
func epollRun(
  _ epoll: CInt, milliseconds: CInt,
  handle: (_ token: UInt64, _ events: UInt32) -> Bool
) -> CInt {
  var events = unsafe [epoll_event](repeating: epoll_event(), count: 32)
  while true {
    let count = unsafe epoll_wait(
      epoll, &events, CInt(events.count), milliseconds)
    if count < 0 && errno == EINTR { continue }
    if count <= 0 { return count < 0 ? -errno : -ETIMEDOUT }
    for index in 0..<Int(count) {
      // The members of the union share their bytes; `u64` was set.
      if unsafe !handle(events[index].data.u64, events[index].events) {
        return 0
      }
    }
  }
}
