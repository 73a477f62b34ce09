#include <errno.h>
#include <stdio.h>
#include <string.h>

/// Writes a message to standard error, as perror(3) does, and keeps errno.
void complain(const char *program, const char *what, int error) {
  int saved = errno;
  fprintf(stderr, "%s: %s: %s\n", program, what, strerror(error));
  fflush(stderr);
  errno = saved;
}
