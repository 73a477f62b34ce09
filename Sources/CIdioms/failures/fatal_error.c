#define _GNU_SOURCE

#include <err.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char pid_file[PATH_MAX];

static void remove_pid_file(void) { unlink(pid_file); }

/// Lets exit(3) remove a file. Returns 0, or a negative errno.
int remove_at_exit(const char *path) {
  size_t length = strlen(path);
  if (length >= sizeof pid_file)
    return -ENAMETOOLONG;
  memcpy(pid_file, path, length + 1);
  return atexit(remove_pid_file) == 0 ? 0 : -ENOMEM;
}

/// Writes "PROGRAM: WHAT: the text of errno" to standard error, and exits.
_Noreturn void fatal(int status, const char *what) { err(status, "%s", what); }
