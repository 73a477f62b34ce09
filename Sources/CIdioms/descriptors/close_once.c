#include <errno.h>
#include <unistd.h>

struct connection {
  int fd;
};

/// Closes the connection once, however often it is called. Returns 0, or a
/// negative errno: the last write(2) to some files fails only here.
int connection_close(struct connection *connection) {
  int fd = connection->fd;
  if (fd < 0)
    return 0;
  connection->fd = -1;
  // After EINTR Linux has closed the descriptor, too: a second close(2)
  // could close one that another thread has just opened.
  return close(fd) < 0 && errno != EINTR ? -errno : 0;
}
