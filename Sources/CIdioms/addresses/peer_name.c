#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/// Stores the address of a connection's other end. Returns its length, or a
/// negative errno.
int peer_address(int fd, struct sockaddr_storage *address) {
  socklen_t length = sizeof *address;
  memset(address, 0, sizeof *address);
  if (getpeername(fd, (struct sockaddr *)address, &length) < 0)
    return -errno;
  return (int)length;
}

/// Stores the address of this end: after bind(2) to port 0, the port that
/// the kernel chose. Returns its length, or a negative errno.
int local_address(int fd, struct sockaddr_storage *address) {
  socklen_t length = sizeof *address;
  memset(address, 0, sizeof *address);
  if (getsockname(fd, (struct sockaddr *)address, &length) < 0)
    return -errno;
  return (int)length;
}
