import Glibc

func pollFirst(_ set: inout [pollfd], _ milliseconds: CInt) -> CInt {
  for i in 0..<set.count {
    set[i].events = POLLIN
  }
  if poll(&set, set.count, milliseconds) <= 0 { return -errno }
  for i in 0..<set.count {
    if set[i].revents & (POLLIN | POLLHUP) { return i }
  }
  return -ETIMEDOUT
}
