#define _DEFAULT_SOURCE

#include <errno.h>
#include <poll.h>
#include <sys/uio.h>

/// Skips the bytes that were written. Returns the number of parts that are
/// done.
static int skip(struct iovec *parts, int count, size_t written) {
  int done = 0;
  while (done < count && written >= parts[done].iov_len)
    written -= parts[done++].iov_len;
  if (done < count) {
    parts[done].iov_base = (char *)parts[done].iov_base + written;
    parts[done].iov_len -= written;
  }
  return done;
}

/// Writes a header and a body, and waits while the descriptor is full.
/// Returns 0, or a negative errno: -ETIMEDOUT if it stays full for the
/// milliseconds.
int write_message(int fd, const void *head, size_t head_size, const void *body, size_t body_size, int milliseconds) {
  struct iovec list[] = {{(void *)head, head_size}, {(void *)body, body_size}};
  struct iovec *parts = list;
  int count = skip(list, 2, 0);
  parts += count;
  count = 2 - count;
  while (count > 0) {
    ssize_t written = writev(fd, parts, count);
    if (written >= 0) {
      int done = skip(parts, count, (size_t)written);
      parts += done;
      count -= done;
    } else if (errno == EAGAIN) {
      struct pollfd wait = {.fd = fd, .events = POLLOUT};
      int ready = poll(&wait, 1, milliseconds);
      if (ready == 0)
        return -ETIMEDOUT;
      if (ready < 0 && errno != EINTR)
        return -errno;
    } else if (errno != EINTR) {
      return -errno;
    }
  }
  return 0;
}
