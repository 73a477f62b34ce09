#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

/// Makes a pipe: ends[0] reads what is written into ends[1]. Returns 0, or
/// a negative errno.
int pipe_pair(int ends[2]) {
  int result = pipe2(ends, O_CLOEXEC | O_NONBLOCK);
  return result < 0 ? -errno : 0;
}

/// Makes two sockets that are connected to each other. Returns 0, or a
/// negative errno.
int socket_pair(int ends[2]) {
  int type = SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK;
  return socketpair(AF_UNIX, type, 0, ends) < 0 ? -errno : 0;
}
