#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>

/// Lets reads and writes of a descriptor return EAGAIN instead of waiting,
/// or wait again. Returns 0, or a negative errno.
int set_nonblocking(int fd, bool on) {
  int flags = fcntl(fd, F_GETFL);
  if (flags < 0)
    return -errno;
  int wanted = on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
  if (wanted != flags && fcntl(fd, F_SETFL, wanted) < 0)
    return -errno;
  return 0;
}
