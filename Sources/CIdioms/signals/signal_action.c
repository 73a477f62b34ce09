#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t last_sender;

static void note_sender(int number, siginfo_t *info, void *context) {
  (void)number, (void)context;
  last_sender = info->si_pid;
}

/// Notes the sender of a signal. Interrupted calls continue. Returns 0, or
/// a negative errno.
int catch_sender(int number) {
  struct sigaction action = {
      .sa_sigaction = note_sender,
      .sa_flags = SA_SIGINFO | SA_RESTART,
  };
  // No other signal interrupts the handler.
  sigfillset(&action.sa_mask);
  return sigaction(number, &action, NULL) < 0 ? -errno : 0;
}

/// Returns the process that sent the last signal, or 0.
int signal_sender(void) { return last_sender; }
