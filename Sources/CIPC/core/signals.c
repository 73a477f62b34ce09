/* Signals that a write would raise, and signals as descriptors. */
#include "core.h"

#include <pthread.h>
#include <signal.h>
#include <sys/signalfd.h>

int ipc_ignore_write_signals(void) {
  struct sigaction ignore = {.sa_handler = SIG_IGN};
  int error;
  IPC_CALL(error, sigaction(SIGPIPE, &ignore, NULL));
  if (error == 0)
    IPC_CALL(error, sigaction(SIGXFSZ, &ignore, NULL));
  return error;
}

/// A signal that was ignored stays ignored: a shell starts background jobs with SIGINT ignored, so that ^C spares them.
static int add_unless_ignored(sigset_t *set, int signal) {
  struct sigaction action;
  int error;
  IPC_CALL(error, sigaction(signal, NULL, &action));
  if (error == 0 && action.sa_handler != SIG_IGN)
    sigaddset(set, signal);
  return error;
}

static int catch_signals(const int *signals, size_t count) {
  sigset_t set;
  sigemptyset(&set);
  int error = 0;
  for (size_t i = 0; i < count && error == 0; i++)
    error = add_unless_ignored(&set, signals[i]);
  if (error == 0)
    error = -pthread_sigmask(SIG_BLOCK, &set, NULL);
  if (error < 0)
    return error;
  int descriptor;
  IPC_CALL(descriptor, signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  return descriptor;
}

int ipc_stop_signals(void) { return catch_signals((const int[]){SIGINT, SIGTERM, SIGHUP}, 3); }

int ipc_status_signals(void) { return catch_signals((const int[]){SIGUSR1}, 1); }
