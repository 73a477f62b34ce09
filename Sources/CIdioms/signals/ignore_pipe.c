#include <errno.h>
#include <signal.h>

/// Ignores a signal, such as SIGPIPE: write(2) to a closed connection then
/// fails with EPIPE. Returns 1 if it was ignored before, 0 if it was not, or
/// a negative errno.
int ignore_signal(int number) {
  void (*before)(int) = signal(number, SIG_IGN);
  if (before == SIG_ERR)
    return -errno;
  return before == SIG_IGN;
}
