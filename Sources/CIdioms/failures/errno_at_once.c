#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/// Opens a file, and writes a line to a log if that fails. Returns a
/// descriptor, or a negative errno: that of open(2), whatever the log does.
int open_or_report(const char *path, int log) {
  int fd;
  do
    fd = open(path, O_RDONLY | O_CLOEXEC);
  while (fd < 0 && errno == EINTR); // A named pipe waits for its writer.
  if (fd >= 0)
    return fd;
  int error = errno; // Each call below may change it.
  char line[512];
  int length = snprintf(line, sizeof line, "%s: %s\n", path, strerror(error));
  if (length >= (int)sizeof line)
    length = (int)sizeof line - 1;
  if (write(log, line, (size_t)length) < 0) {
    // The log is lost, and the error of open(2) remains the result.
  }
  return -error;
}
