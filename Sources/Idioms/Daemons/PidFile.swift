import Glibc

/// Writes the number of this process to a file, and locks it until the
/// process ends. Returns the descriptor, or a negative errno: -EWOULDBLOCK
/// if another process has the lock.
func writePidFile(_ path: String) -> CInt {
  let fd = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
  guard fd >= 0 else { return -errno }
  let text = Array("\(getpid())\n".utf8)
  // Only the owner of the lock may empty the file.
  var written = -1
  if flock(fd, LOCK_EX | LOCK_NB) == 0, ftruncate(fd, 0) == 0 {
    written = unsafe pwrite(fd, text, text.count, 0)
  }
  if written == text.count { return fd }
  // A short count sets no errno: the disk is full.
  let error = written < 0 ? errno : ENOSPC
  close(fd)
  return -error
}
