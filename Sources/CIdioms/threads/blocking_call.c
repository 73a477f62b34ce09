#define _GNU_SOURCE

#include <errno.h>
#include <sys/file.h>

/// Locks an open file, and waits as long as another process or another open
/// of the file has the lock. Returns 0, or a negative errno.
int lock_file(int fd) {
  while (flock(fd, LOCK_EX) < 0)
    if (errno != EINTR)
      return -errno;
  return 0;
}
