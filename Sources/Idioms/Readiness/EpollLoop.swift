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
/// false. Returns 0 then, or a negative errno: -ETIMEDOUT if for a time no
/// event came. A negative time has no end.
func epollRun(
  _ epoll: CInt, milliseconds: CInt,
  handle: (_ token: UInt64, _ events: UInt32) -> Bool
) -> CInt {
  var events = unsafe [epoll_event](repeating: epoll_event(), count: 32)
  let time = Duration.milliseconds(Int(milliseconds))
  var deadline = SuspendingClock.now + time
  while true {
    // After EINTR only the rest of the time is left.
    let left = (deadline - SuspendingClock.now) / .milliseconds(1)
    let count = unsafe epoll_wait(
      epoll, &events, CInt(events.count),
      milliseconds < 0 ? -1 : CInt(max(0, left.rounded(.up))))
    if count < 0 && errno == EINTR { continue }
    if count <= 0 { return count < 0 ? -errno : -ETIMEDOUT }
    for index in 0..<Int(count) {
      // The members of the union share their bytes; `u64` was set.
      if unsafe !handle(events[index].data.u64, events[index].events) {
        return 0
      }
    }
    deadline = SuspendingClock.now + time
  }
}
