#define _GNU_SOURCE

#include <errno.h>
#include <stdbool.h>
#include <sys/socket.h>

/// Sends all bytes. `more` lets TCP wait for the next call, and fill its
/// packet. `done` is how many bytes were sent: 0 at first. Returns 0, or a
/// negative errno: -EPIPE, without SIGPIPE, if the peer is gone; after
/// -EAGAIN the next call sends the rest.
int send_all(int fd, const void *bytes, size_t size, bool more, size_t *done) {
  int flags = MSG_NOSIGNAL | (more ? MSG_MORE : 0);
  while (*done < size) {
    ssize_t sent = send(fd, (const char *)bytes + *done, size - *done, flags);
    if (sent < 0 && errno == EINTR)
      continue;
    if (sent < 0)
      return -errno;
    *done += (size_t)sent;
  }
  return 0;
}
