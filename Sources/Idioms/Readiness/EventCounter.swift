import CLinux
import Glibc

/// Returns a descriptor by which a thread wakes another one, or a negative
/// errno.
func eventCounter() -> CInt {
  let fd = eventfd(0, CInt(EFD_CLOEXEC | EFD_NONBLOCK))
  return fd < 0 ? -errno : fd
}

/// Wakes the thread that waits for the descriptor. Returns 0, or a negative
/// errno. It leaves errno as it was, as a signal handler must.
func notifyEvent(_ fd: CInt) -> CInt {
  var one: UInt64 = 1
  let saved = errno
  defer { errno = saved }
  var size: Int
  repeat {
    size = unsafe write(fd, &one, MemoryLayout<UInt64>.size)
  } while size < 0 && errno == EINTR
  // A full counter is readable, so the thread wakes anyway.
  return size < 0 && errno != EAGAIN ? -errno : 0
}

/// Returns the number of notifications since the last call: 0 if there was
/// none, or a negative errno.
func takeEvents(_ fd: CInt) -> Int64 {
  var count: UInt64 = 0
  var size: Int
  repeat {
    size = unsafe read(fd, &count, MemoryLayout<UInt64>.size)
  } while size < 0 && errno == EINTR
  if size < 0 { return errno == EAGAIN ? 0 : -Int64(errno) }
  // Another process can have written any number.
  return size == MemoryLayout<UInt64>.size
    ? Int64(clamping: count) : -Int64(EIO)
}
