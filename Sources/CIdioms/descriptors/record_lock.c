#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/// Locks bytes of a file for this process, without waiting. Returns 0, or a
/// negative errno: -EAGAIN if another process has a lock on one of them.
int lock_record(int fd, off_t start, off_t count) {
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  lock.l_start = start;
  lock.l_len = count;
  if (fcntl(fd, F_SETLK, &lock) == 0)
    return 0;
  return errno == EACCES ? -EAGAIN : -errno;
}

/// Returns the process that has a lock on one of the bytes, 0 if no other
/// process has one, or a negative errno.
pid_t lock_owner(int fd, off_t start, off_t count) {
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  lock.l_start = start;
  lock.l_len = count;
  if (fcntl(fd, F_GETLK, &lock) < 0)
    return -errno;
  return lock.l_type == F_UNLCK ? 0 : lock.l_pid;
}
