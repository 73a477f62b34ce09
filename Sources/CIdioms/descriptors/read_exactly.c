#include <errno.h>
#include <unistd.h>

/// Reads until the buffer is full. `done` is how many bytes it has: 0 at
/// first. Returns 1 if it is full, 0 if the input has ended, or a negative
/// errno; after -EAGAIN the next call reads the rest.
int read_exactly(int fd, void *bytes, size_t size, size_t *done) {
  while (*done < size) {
    ssize_t n = read(fd, (char *)bytes + *done, size - *done);
    if (n == 0)
      return 0;
    if (n > 0)
      *done += (size_t)n;
    else if (errno != EINTR)
      return -errno;
  }
  return 1;
}
