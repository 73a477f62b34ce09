import Glibc

/// Bytes of a file that are locked for writing.
private func writeLock(_ start: off_t, _ count: off_t) -> flock {
  flock(
    l_type: CShort(F_WRLCK), l_whence: CShort(SEEK_SET), l_start: start,
    l_len: count, l_pid: 0)
}

/// Locks bytes of a file for this process, without waiting. Returns 0, or a
/// negative errno: -EAGAIN if another process has a lock on one of them.
func lockRecord(_ fd: CInt, start: off_t, count: off_t) -> CInt {
  var lock = writeLock(start, count)
  if unsafe fcntl(fd, F_SETLK, &lock) == 0 { return 0 }
  let error = errno
  return error == EACCES ? -EAGAIN : -error
}

/// Returns the process that has a lock on one of the bytes, 0 if no other
/// process has one, or a negative errno.
func lockOwner(_ fd: CInt, start: off_t, count: off_t) -> pid_t {
  var lock = writeLock(start, count)
  guard unsafe fcntl(fd, F_GETLK, &lock) == 0 else { return -errno }
  return CInt(lock.l_type) == F_UNLCK ? 0 : lock.l_pid
}
