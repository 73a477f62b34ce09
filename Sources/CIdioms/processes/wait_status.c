#include <errno.h>
#include <sys/wait.h>

/// Returns the exit status that a shell shows: 0 to 255, 128 and the signal
/// that ended the process, or -1 if it only stopped or continued.
int shell_status(int status) {
  if (WIFEXITED(status))
    return WEXITSTATUS(status);
  if (WIFSIGNALED(status))
    return 128 + WTERMSIG(status);
  return -1;
}

/// Waits until a child ends. Returns the status of a shell, or a negative
/// errno.
int wait_for_child(pid_t child) {
  int status;
  pid_t ended;
  do
    ended = waitpid(child, &status, 0);
  while (ended < 0 && errno == EINTR);
  return ended < 0 ? -errno : shell_status(status);
}
