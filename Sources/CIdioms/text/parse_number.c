#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

/// Parses a port. Returns 0, -EINVAL if the text is not a number, or
/// -ERANGE.
int parse_port(const char *text, uint16_t *port) {
  // strtol(3) also accepts spaces, a sign, and no digits at all.
  if (!isdigit((unsigned char)text[0]))
    return -EINVAL;
  char *end;
  errno = 0;
  long number = strtol(text, &end, 10);
  if (*end != '\0')
    return -EINVAL;
  if (errno == ERANGE || number > UINT16_MAX)
    return -ERANGE;
  *port = (uint16_t)number;
  return 0;
}
