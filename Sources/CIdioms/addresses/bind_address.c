#define _GNU_SOURCE

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

/// Returns a socket that listens at the address, or a negative errno.
int listen_at(const struct sockaddr_in *address, int backlog) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return -errno;
  int on = 1;
  int result = setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (result == 0)
    result = bind(fd, (const struct sockaddr *)address, sizeof *address);
  if (result == 0)
    result = listen(fd, backlog);
  if (result < 0) {
    int error = errno;
    close(fd);
    return -error;
  }
  return fd;
}
