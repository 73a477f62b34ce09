#define _GNU_SOURCE

#include <errno.h>
#include <sys/socket.h>

/// Receives a datagram, and sends it back. Returns its length, which can be
/// 0, or a negative errno: -EMSGSIZE if it is longer than 1,472 bytes.
ssize_t echo_datagram(int fd) {
  char buffer[1472]; // What fits into one Ethernet frame.
  struct sockaddr_storage storage;
  struct sockaddr *peer = (struct sockaddr *)&storage;
  socklen_t length;
  ssize_t count;
  do {
    length = sizeof storage;
    // With MSG_TRUNC the result is the length of the whole datagram.
    count = recvfrom(fd, buffer, sizeof buffer, MSG_TRUNC, peer, &length);
  } while (count < 0 && errno == EINTR);
  if (count < 0)
    return -errno;
  if ((size_t)count > sizeof buffer)
    return -EMSGSIZE;
  ssize_t sent;
  do
    sent = sendto(fd, buffer, (size_t)count, MSG_NOSIGNAL, peer, length);
  while (sent < 0 && errno == EINTR);
  return sent < 0 ? -errno : sent;
}
