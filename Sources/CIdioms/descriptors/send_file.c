#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/sendfile.h>

/// Sends a file from its first byte to its end. Returns how many bytes were
/// sent, or a negative errno; then a part may be sent. Both are blocking.
off_t send_whole_file(int to, int file) {
  off_t offset = 0;
  for (;;) {
    ssize_t n = sendfile(to, file, &offset, 1 << 20);
    if (n == 0)
      return offset;
    if (n < 0 && errno != EINTR)
      return -errno;
  }
}

/// Moves all that is in a pipe, until its writers close it, to another
/// descriptor. Returns how many bytes were moved, or a negative errno; then
/// a part may be moved. Both are blocking.
off_t drain_pipe(int pipe, int to) {
  off_t total = 0;
  for (;;) {
    ssize_t n = splice(pipe, NULL, to, NULL, 1 << 16, SPLICE_F_MOVE);
    if (n == 0)
      return total;
    if (n > 0)
      total += n;
    else if (errno != EINTR)
      return -errno;
  }
}
