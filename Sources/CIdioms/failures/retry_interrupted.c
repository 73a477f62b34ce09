#define _GNU_SOURCE

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

/// Reads once. Returns how many bytes, 0 at the end, or a negative errno. A
/// signal whose handler returns does not end the wait.
ssize_t read_some(int fd, void *bytes, size_t count) {
  ssize_t n = TEMP_FAILURE_RETRY(read(fd, bytes, count));
  return n < 0 ? -errno : n;
}

/// Waits for a child. Returns its status as waitpid(2) gives it, or a
/// negative errno.
int wait_child(pid_t child) {
  int status;
  pid_t ended = TEMP_FAILURE_RETRY(waitpid(child, &status, 0));
  return ended < 0 ? -errno : status;
}
