#include <errno.h>
#include <unistd.h>

/// Reads until the buffer is full or the input ends. Returns how many bytes
/// were read: fewer than the buffer has only at the end; or a negative
/// errno.
ssize_t read_exactly(int fd, void *bytes, size_t count) {
  size_t done = 0;
  ssize_t n;
  while (done < count) {
    if ((n = read(fd, (char *)bytes + done, count - done)) == 0)
      break;
    if (n > 0)
      done += (size_t)n;
    else if (errno != EINTR)
      return -errno;
  }
  return (ssize_t)done;
}
