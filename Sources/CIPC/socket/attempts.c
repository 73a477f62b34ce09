/* The connections that a client is making side by side (RFC 8305, section 5). */
#include "socket.h"

void ipc_attempts_add(struct ipc_attempts *attempts, int socket, const struct ipc_endpoint *candidate) {
  attempts->set[attempts->count] = (struct pollfd){.fd = socket, .events = POLLOUT};
  attempts->candidates[attempts->count++] = candidate;
}

int ipc_attempts_remove(struct ipc_attempts *attempts, size_t index, const struct ipc_endpoint **candidate) {
  int socket = attempts->set[index].fd;
  *candidate = attempts->candidates[index];
  size_t after = --attempts->count - index;
  memmove(&attempts->set[index], &attempts->set[index + 1], after * sizeof attempts->set[0]);
  memmove(&attempts->candidates[index], &attempts->candidates[index + 1], after * sizeof(const void *));
  return socket;
}

int ipc_attempts_wait(struct ipc_attempts *attempts, struct ipc_deadline deadline) {
  int ready;
  IPC_CALL(ready, poll(attempts->set, attempts->count, ipc_clock_remaining(deadline)));
  for (size_t i = 0; ready > 0 && i < attempts->count; i++)
    if (attempts->set[i].revents)
      return (int)i;
  return ready < 0 ? ready : -ETIMEDOUT;
}

void ipc_attempts_close(struct ipc_attempts *attempts) {
  for (size_t i = 0; i < attempts->count; i++)
    ipc_close(attempts->set[i].fd);
  attempts->count = 0;
}
