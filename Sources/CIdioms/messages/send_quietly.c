#define _GNU_SOURCE

#include <errno.h>
#include <stdbool.h>
#include <sys/socket.h>

/// Sends all bytes. `more` lets TCP wait for the next call, and fill its
/// packet. Returns 0, or a negative errno: -EPIPE, without SIGPIPE, if the
/// peer is gone.
int send_all(int fd, const void *bytes, size_t size, bool more) {
  int flags = MSG_NOSIGNAL | (more ? MSG_MORE : 0);
  const char *next = bytes;
  while (size > 0) {
    ssize_t sent = send(fd, next, size, flags);
    if (sent < 0 && errno == EINTR)
      continue;
    if (sent < 0)
      return -errno;
    next += sent;
    size -= (size_t)sent;
  }
  return 0;
}
