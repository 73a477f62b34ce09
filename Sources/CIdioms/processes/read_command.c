#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

/// Runs a command of the shell, and reads what it writes, as far as there
/// is room. Returns its exit status as a shell does, 128 and the signal that
/// ended it, or a negative errno: -ECHILD if this process ignores SIGCHLD,
/// which loses the status. The command inherits this thread's blocked
/// signals and the ignored ones.
int read_command(const char *command, char *buffer, size_t size,
                 size_t *count) {
  *count = 0;
  FILE *stream = popen(command, "re");
  if (stream == NULL)
    return -errno;
  int error = 0;
  for (;;) {
    // A command that nobody reads from would get SIGPIPE.
    char rest[4096];
    ssize_t n = read(fileno(stream), rest, sizeof rest);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      error = -errno;
    if (n <= 0)
      break;
    for (ssize_t i = 0; i < n && *count < size; i++)
      buffer[(*count)++] = rest[i];
  }
  int status = pclose(stream);
  if (status < 0)
    return -errno;
  if (error < 0)
    return error;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
