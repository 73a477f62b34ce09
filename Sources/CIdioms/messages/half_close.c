#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

/// Ends this side of a connection, and reads the rest of the other side.
/// Returns the number of bytes, or a negative errno: -EMSGSIZE if the rest
/// is larger than the buffer. The socket is blocking.
ssize_t finish_and_read(int fd, char *buffer, size_t size) {
  if (shutdown(fd, SHUT_WR) < 0)
    return -errno;
  size_t total = 0;
  for (;;) {
    char extra;
    // Only a read into free room tells the end from a full buffer.
    ssize_t count;
    if (total < size)
      count = read(fd, buffer + total, size - total);
    else
      count = read(fd, &extra, 1);
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return -errno;
    if (count == 0)
      return (ssize_t)total;
    if (total == size)
      return -EMSGSIZE;
    total += (size_t)count;
  }
}
