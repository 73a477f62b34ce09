#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>

/// Opens a log for appending, and creates it with mode 0644. Returns a
/// descriptor, or a negative errno.
int open_log(const char *path) {
  int fd;
  do
    fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  while (fd < 0 && errno == EINTR);
  return fd < 0 ? -errno : fd;
}
