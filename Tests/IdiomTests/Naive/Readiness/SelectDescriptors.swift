import Glibc

struct SelectInterest {
  var readers = fd_set()
  var limit: CInt = 0
}

func selectWatch(_ interest: inout SelectInterest, _ fd: CInt, _ reads: Bool) {
  FD_CLR(fd, &interest.readers)
  if reads { FD_SET(fd, &interest.readers) }
  if fd >= interest.limit { interest.limit = fd + 1 }
}

func isWatched(_ interest: SelectInterest, _ fd: CInt) -> Bool {
  interest.readers.__fds_bits[Int(fd) / 64] & 1 << (Int(fd) % 64) != 0
}

func selectReady(
  _ interest: SelectInterest, _ milliseconds: Int, _ handle: (CInt) -> Void
) -> CInt {
  var readers = fd_set()
  FD_ZERO(&readers)
  readers = interest.readers
  var time = timeval(tv_sec: milliseconds / 1000, tv_usec: milliseconds % 1000 * 1000)
  let ready = select(interest.limit, &readers, nil, nil, &time)
  if ready < 0 { return -errno }
  for fd in 0..<interest.limit {
    if FD_ISSET(fd, &readers) { handle(fd) }
  }
  return ready
}
