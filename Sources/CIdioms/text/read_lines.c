#define _GNU_SOURCE

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/// Calls a function for each line of a file, without its newline. Returns
/// how many lines there are, or a negative errno.
int read_lines(const char *path, void (*each)(const char *, size_t, void *), void *context) {
  FILE *file = fopen(path, "re"); // e is O_CLOEXEC.
  if (file == NULL)
    return -errno;
  char *line = NULL;
  size_t size = 0;
  ssize_t length;
  int count = 0;
  while ((length = getline(&line, &size, file)) >= 0) {
    if (length > 0 && line[length - 1] == '\n')
      length--; // The last line may lack it.
    each(line, (size_t)length, context);
    count++;
  }
  int error = ferror(file) ? errno : 0;
  free(line);
  fclose(file);
  return error != 0 ? -error : count;
}
