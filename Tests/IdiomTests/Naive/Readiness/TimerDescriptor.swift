import Glibc

func intervalTimer(_ milliseconds: Int) -> CInt {
  let fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)
  if fd < 0 { return -errno }
  let time = timespec(tv_sec: milliseconds / 1000, tv_nsec: milliseconds % 1000 * 1_000_000)
  var timer = itimerspec(it_value: time, it_interval: time)
  timerfd_settime(fd, 0, &timer, nil)
  return fd
}

func timerExpirations(_ fd: CInt) -> Int {
  var count = 0
  return read(fd, &count, sizeof(count)) < 0 ? 0 : count
}
