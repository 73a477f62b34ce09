/* The supervisor that started the server. */
#include "core.h"

#include <unistd.h>

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
  int flags = MSG_NOSIGNAL | MSG_DONTWAIT; /* a server does not wait for its supervisor */
  IPC_CALL(sent, sendto(descriptor, state, state_length, flags, (struct sockaddr *)&address, length));
  close(descriptor);
  return sent < 0 ? (int)sent : 0;
}
