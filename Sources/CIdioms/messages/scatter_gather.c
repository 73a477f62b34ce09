#define _DEFAULT_SOURCE

#include <errno.h>
#include <poll.h>
#include <sys/uio.h>
#include <time.h>

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

static long now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/// Waits until the descriptor has room. Returns 0, or a negative errno.
static int wait_for_room(int fd, int milliseconds) {
  long deadline = now_ms() + milliseconds;
  struct pollfd wait = {.fd = fd, .events = POLLOUT};
  int ready;
  do {
    long left = deadline - now_ms();
    ready = poll(&wait, 1, left > 0 ? (int)left : 0);
  } while (ready < 0 && errno == EINTR);
  if (ready == 0)
    return -ETIMEDOUT;
  return ready < 0 ? -errno : 0;
}

/// Writes a header and a body, and waits while the descriptor is full.
/// Returns 0, or a negative errno: -ETIMEDOUT if it stays full for the
/// milliseconds. After an error the peer may have a part of the message, so
/// the connection must be closed.
int write_message(int fd, const void *head, size_t head_size, const void *body,
                  size_t body_size, int milliseconds) {
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
      int error = wait_for_room(fd, milliseconds);
      if (error < 0)
        return error;
    } else if (errno != EINTR) {
      return -errno;
    }
  }
  return 0;
}
