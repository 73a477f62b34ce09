#include <errno.h>
#include <stddef.h>
#include <sys/uio.h>

/// Reads a header and then a body with one call. Returns the number of
/// bytes of both, 0 at the end, or a negative errno.
ssize_t read_parts(int fd, void *head, size_t head_size, void *body,
                   size_t body_size) {
  struct iovec parts[] = {
      {.iov_base = head, .iov_len = head_size},
      {.iov_base = body, .iov_len = body_size},
  };
  ssize_t count;
  do
    count = readv(fd, parts, 2);
  while (count < 0 && errno == EINTR);
  return count < 0 ? -errno : count;
}
