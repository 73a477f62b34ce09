#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t stop_signal;

static void note_stop(int number) { stop_signal = number; }

/// Makes SIGINT and SIGTERM set a flag. A call that waits fails with EINTR
/// then, since SA_RESTART is not set. Returns 0, or a negative errno.
int catch_stop_signals(void) {
  struct sigaction action = {.sa_handler = note_stop};
  sigemptyset(&action.sa_mask);
  if (sigaction(SIGINT, &action, NULL) < 0 ||
      sigaction(SIGTERM, &action, NULL) < 0)
    return -errno;
  return 0;
}

/// Returns the signal that asked the program to stop, or 0.
int stop_requested(void) { return stop_signal; }
