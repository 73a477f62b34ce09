#define _GNU_SOURCE

#include <errno.h>
#include <sys/socket.h>

/// Returns a non-blocking TCP socket that no child process inherits, or a
/// negative errno.
int tcp_socket(void) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  return fd < 0 ? -errno : fd;
}
