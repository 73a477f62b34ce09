#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

/// Closes a TCP connection with a reset: unsent data is dropped, and the
/// peer gets ECONNRESET. Returns 0, or a negative errno. The descriptor is
/// closed in any case.
int close_with_reset(int fd) {
  struct linger abort = {.l_onoff = 1, .l_linger = 0};
  int error = 0;
  if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &abort, sizeof abort) < 0)
    error = errno;
  if (close(fd) < 0 && error == 0)
    error = errno;
  return -error;
}
