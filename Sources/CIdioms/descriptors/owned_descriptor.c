#define _GNU_SOURCE

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

/// Returns a TCP socket that listens on an address, or a negative errno.
int listen_on(const struct sockaddr_in *address, int backlog) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return -errno;
  int on = 1;
  if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0)
    goto fail;
  if (bind(fd, (const struct sockaddr *)address, sizeof *address) < 0)
    goto fail;
  if (listen(fd, backlog) < 0)
    goto fail;
  return fd;

  int error;
fail:
  error = errno; // close(2) may change errno.
  close(fd);
  return -error;
}
