import Glibc

/// Lets reads and writes of a descriptor return EAGAIN instead of waiting,
/// or wait again. Returns 0, or a negative errno.
func setNonBlocking(_ fd: CInt, _ on: Bool) -> CInt {
  let flags = fcntl(fd, F_GETFL)
  guard flags >= 0 else { return -errno }
  let wanted = on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK
  if wanted != flags && fcntl(fd, F_SETFL, wanted) < 0 { return -errno }
  return 0
}
