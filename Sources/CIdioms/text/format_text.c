#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

/// Writes a line to a descriptor in one call, so that the lines of several
/// processes do not mix. Returns its length, or a negative errno. A line of
/// more than 1024 bytes is cut.
int log_line_v(int fd, const char *format, va_list arguments) {
  char line[1025];
  int length = vsnprintf(line, sizeof line - 1, format, arguments);
  if (length < 0)
    return -errno;
  if (length > (int)sizeof line - 2)
    length = (int)sizeof line - 2;
  line[length++] = '\n';
  ssize_t n;
  do
    n = write(fd, line, (size_t)length);
  while (n < 0 && errno == EINTR);
  return n < 0 ? -errno : (int)n;
}

__attribute__((format(printf, 2, 3))) int log_line(int fd, const char *format,
                                                   ...) {
  va_list arguments;
  va_start(arguments, format);
  int result = log_line_v(fd, format, arguments);
  va_end(arguments);
  return result;
}
