import CLinux
import Glibc

/// Returns a descriptor that becomes readable each time the milliseconds
/// have passed, or a negative errno.
func intervalTimer(milliseconds: Int) -> CInt {
  let fd = timerfd_create(CLOCK_MONOTONIC, CInt(TFD_CLOEXEC | TFD_NONBLOCK))
  guard fd >= 0 else { return -errno }
  let time = timespec(
    tv_sec: milliseconds / 1000, tv_nsec: milliseconds % 1000 * 1_000_000)
  var timer = itimerspec(it_interval: time, it_value: time)
  guard unsafe timerfd_settime(fd, 0, &timer, nil) == 0 else {
    let error = errno
    close(fd)
    return -error
  }
  return fd
}

/// Returns how many times the timer expired since the last call: 0 if it
/// did not, or a negative errno.
func timerExpirations(_ fd: CInt) -> Int64 {
  var count: UInt64 = 0
  var size: Int
  repeat {
    size = unsafe read(fd, &count, MemoryLayout<UInt64>.size)
  } while size < 0 && errno == EINTR
  if size < 0 { return errno == EAGAIN ? 0 : -Int64(errno) }
  return size == MemoryLayout<UInt64>.size ? Int64(count) : -Int64(EIO)
}
