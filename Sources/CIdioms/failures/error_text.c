#define _GNU_SOURCE

#include <errno.h>
#include <stdio.h>
#include <string.h>

/// Writes a message such as "bind: Address already in use". Returns its
/// length, or -ENOBUFS.
int error_text(const char *what, int error, char *text, size_t size) {
  char buffer[128];
  // With _GNU_SOURCE it returns the text, which need not be in the buffer.
  const char *reason = strerror_r(error, buffer, sizeof buffer);
  int length = snprintf(text, size, "%s: %s", what, reason);
  return length >= (int)size ? -ENOBUFS : length;
}
