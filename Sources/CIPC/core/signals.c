/* Signals as errors and as a descriptor; and those to a supervisor. */
#include "internal.h"

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

/// A signal that was ignored stays so: a shell starts background jobs with SIGINT ignored, so that ^C spares them.
static int add_unless_ignored(sigset_t *set, int signal) {
  struct sigaction now;
  int error;
  IPC_CALL(error, sigaction(signal, NULL, &now));
  if (error == 0 && now.sa_handler != SIG_IGN)
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

int ipc_stop_signals(void) { return catch_signals((const int[]){SIGINT, SIGTERM}, 2); }

int ipc_status_signals(void) { return catch_signals((const int[]){SIGUSR1}, 1); }

int ipc_notify(const char *path, size_t path_length, const char *state, size_t state_length) {
  struct ipc_endpoint endpoint = {.transport = path_length > 0 && path[0] == '@' ? IPC_ABSTRACT : IPC_UNIX};
  struct sockaddr_storage address;
  socklen_t length;
  size_t skipped = endpoint.transport == IPC_ABSTRACT;
  if (path_length - skipped > IPC_PATH_MAX)
    return -IPC_EPATH;
  endpoint.length = (uint16_t)(path_length - skipped);
  memcpy(endpoint.name, path + skipped, endpoint.length);
  int error = ipc_address_encode(&endpoint, &address, &length);
  if (error < 0)
    return error;
  int descriptor;
  IPC_CALL(descriptor, socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (descriptor < 0)
    return descriptor;
  ssize_t sent;
  IPC_CALL(sent, sendto(descriptor, state, state_length, MSG_NOSIGNAL, (struct sockaddr *)&address, length));
  ipc_close(descriptor);
  return sent < 0 ? (int)sent : 0;
}
