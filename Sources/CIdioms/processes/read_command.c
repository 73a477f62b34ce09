#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>

/// Runs a command of the shell, and reads what it writes, as far as there
/// is room. Returns its exit status, or a negative errno: -ECHILD if a
/// signal ended it.
int read_command(const char *command, char *buffer, size_t size, size_t *count) {
  *count = 0;
  FILE *stream = popen(command, "re");
  if (stream == NULL)
    return -errno;
  *count = fread(buffer, 1, size, stream);
  char rest[512];
  // A command that nobody reads from would get SIGPIPE.
  while (fread(rest, 1, sizeof rest, stream) > 0)
    continue;
  int failed = ferror(stream);
  int status = pclose(stream);
  if (status < 0)
    return -errno;
  if (failed)
    return -EIO;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -ECHILD;
}
