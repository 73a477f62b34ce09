#define _GNU_SOURCE

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/// Calls a function for each line of a file, without its newline. Returns
/// how many lines there are, or a negative errno: -ENOMEM for a line that is
/// too long, -EINTR if a signal handler without SA_RESTART ran meanwhile.
int read_lines(const char *path, void (*each)(const char *, size_t, void *),
               void *context) {
  FILE *file = fopen(path, "re"); // e is O_CLOEXEC.
  if (file == NULL)
    return -errno;
  char *line = NULL;
  size_t size = 0;
  ssize_t length;
  int count = 0, error = 0;
  while ((length = getline(&line, &size, file)) >= 0) {
    if (line[length - 1] == '\n')
      length--; // The last line may lack it.
    else if (!feof(file)) {
      error = errno; // A part of a line: read(2) failed behind it.
      break;
    }
    each(line, (size_t)length, context);
    count++;
  }
  // Without the flag this is an error: not even ferror(3) tells ENOMEM.
  if (length < 0 && !feof(file))
    error = errno;
  free(line);
  fclose(file);
  return error != 0 ? -error : count;
}
