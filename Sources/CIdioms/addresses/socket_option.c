#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>

/// Sends small packets at once, and lets recv(2) and send(2) fail with
/// EAGAIN after a time. Returns 0, or a negative errno.
int tune_connection(int fd, long milliseconds) {
  int on = 1;
  struct timeval limit = {
      .tv_sec = milliseconds / 1000,
      .tv_usec = milliseconds % 1000 * 1000,
  };
  if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) < 0 ||
      setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) < 0 ||
      setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) < 0)
    return -errno;
  return 0;
}
