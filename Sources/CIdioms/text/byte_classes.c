#include <ctype.h>
#include <errno.h>
#include <stddef.h>

/// Parses a line such as "4096\r\n", a length before the bytes of a
/// message. Returns how many bytes the line has, or a negative errno:
/// -EAGAIN while it is not complete, -EBADMSG if it is no number below
/// 100000000.
int length_line(const char *bytes, size_t count, unsigned *length) {
  unsigned value = 0;
  size_t at = 0;
  while (at < count && isdigit((unsigned char)bytes[at])) {
    if (at == 8)
      return -EBADMSG;
    value = value * 10 + (unsigned)(bytes[at] - '0');
    at++;
  }
  size_t digits = at;
  if (at < count && bytes[at] == '\r')
    at++;
  if (at == count)
    return -EAGAIN;
  if (bytes[at] != '\n' || digits == 0)
    return -EBADMSG;
  *length = value;
  return (int)at + 1;
}
