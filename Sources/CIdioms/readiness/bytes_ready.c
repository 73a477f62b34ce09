#include <errno.h>
#include <sys/ioctl.h>

/// Returns the number of bytes that can be read without waiting, or a
/// negative errno.
int bytes_ready(int fd) {
  int count = 0;
  if (ioctl(fd, FIONREAD, &count) < 0)
    return -errno;
  return count;
}
