#include <errno.h>
#include <unistd.h>

/// Writes all bytes, however many calls that takes. Returns 0, or a
/// negative errno; then a part may be written. The descriptor is blocking.
int write_all(int fd, const void *bytes, size_t count) {
  const char *at = bytes;
  ssize_t n;
  while (count > 0) {
    if ((n = write(fd, at, count)) < 0) {
      if (errno == EINTR)
        continue;
      return -errno;
    }
    at += n;
    count -= (size_t)n;
  }
  return 0;
}
