#define _DEFAULT_SOURCE

#include <errno.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/// Sends a byte that the peer can receive before all others. Returns 0, or
/// a negative errno.
int send_urgent(int fd, unsigned char byte) {
  ssize_t sent;
  do
    sent = send(fd, &byte, 1, MSG_OOB | MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  return sent < 0 ? -errno : 0;
}

/// Receives the urgent byte, and drops all input that was sent before it.
/// Returns the byte, or a negative errno: -EINVAL if the peer has sent
/// no urgent byte.
int receive_urgent(int fd) {
  unsigned char byte;
  ssize_t count = recv(fd, &byte, 1, MSG_OOB);
  if (count <= 0)
    return count < 0 ? -errno : -EINVAL;
  for (;;) {
    int at_mark = 0;
    if (ioctl(fd, SIOCATMARK, &at_mark) < 0)
      return -errno;
    if (at_mark)
      return byte;
    char dropped[512];
    // It stops at the mark.
    ssize_t dropping = read(fd, dropped, sizeof dropped);
    if (dropping == 0)
      return byte;
    if (dropping < 0 && errno != EINTR)
      return -errno;
  }
}
