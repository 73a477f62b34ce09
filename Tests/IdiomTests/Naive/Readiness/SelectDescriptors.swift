import Glibc

func selectReadable(_ one: CInt, _ other: CInt, _ milliseconds: Int) -> CInt {
  var set = fd_set()
  FD_ZERO(&set)
  FD_SET(one, &set)
  set.__fds_bits[Int(other) / 64] |= 1 << (Int(other) % 64)
  var time = timeval(tv_sec: milliseconds / 1000, tv_usec: milliseconds % 1000 * 1000)
  if select(max(one, other) + 1, &set, nil, nil, &time) < 0 { return -errno }
  return FD_ISSET(one, &set) ? 0 : 1
}
