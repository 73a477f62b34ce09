/* Signals as errors and as a descriptor. */
#include "internal.h"

#include <pthread.h>
#include <signal.h>
#include <sys/signalfd.h>

int ipc_ignore_sigpipe(void) {
  struct sigaction ignore = {.sa_handler = SIG_IGN};
  int error;
  IPC_CALL(error, sigaction(SIGPIPE, &ignore, NULL));
  return error;
}

/// A signal that was ignored stays so: a shell starts background jobs with SIGINT ignored, so that ^C spares them.
static int add_unless_ignored(sigset_t *set, int signal) {
  struct sigaction now;
  int error;
  IPC_CALL(error, sigaction(signal, NULL, &now));
  if (error == 0 && now.sa_handler != SIG_IGN)
    sigaddset(set, signal);
  return error;
}

int ipc_stop_signals(void) {
  sigset_t set;
  sigemptyset(&set);
  int error = add_unless_ignored(&set, SIGINT);
  if (error == 0)
    error = add_unless_ignored(&set, SIGTERM);
  if (error == 0)
    error = -pthread_sigmask(SIG_BLOCK, &set, NULL);
  if (error < 0)
    return error;
  int descriptor;
  IPC_CALL(descriptor, signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  return descriptor;
}
