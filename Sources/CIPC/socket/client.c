/* The client's steps: connect within a timeout; and ipc_client_open(), which creates and connects. */
#include "socket.h"

#include <sys/time.h>

/// After EINPROGRESS or EINTR the kernel goes on connecting.
static int await_connection(int socket, int timeout_ms) {
  int error = ipc_wait(socket, IPC_WRITABLE, -1, timeout_ms), pending = 0;
  socklen_t length = sizeof pending;
  if (error >= 0)
    IPC_CALL(error, getsockopt(socket, SOL_SOCKET, SO_ERROR, &pending, &length));
  return error < 0 ? error : -pending;
}

/// connect(2) returns EAGAIN if a Unix server's backlog is full. poll(2) can't wait for room there; only a blocking
/// connect(2) can.
static int connect_blocking(int socket, const struct sockaddr_storage *address, socklen_t length, int timeout_ms) {
  int64_t deadline = timeout_ms < 0 ? -1 : ipc_clock_now() + timeout_ms;
  int error = ipc_stream_set_blocking(socket, true);
  while (error == 0) {
    int left = ipc_clock_remaining(deadline);
    if (left == 0) {
      error = -ETIMEDOUT;
      break;
    }
    struct timeval limit = {0}; /* no limit */
    if (left > 0)
      limit = (struct timeval){left / 1000, left % 1000 * 1000};
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    error = (int)ipc_result(connect(socket, (const struct sockaddr *)address, length));
    if (error != -EINTR)
      break;
    error = 0;
  }
  int restored = ipc_stream_set_blocking(socket, false);
  if (error == -EAGAIN)
    error = -ETIMEDOUT;
  return error < 0 ? error : restored;
}

int ipc_connect(int socket, const struct ipc_endpoint *endpoint, int timeout_ms) {
  struct sockaddr_storage address;
  socklen_t length;
  int error = ipc_address_encode(endpoint, &address, &length);
  if (error < 0)
    return error;
  if (endpoint->transport == IPC_TCP && ipc_endpoint_is_wildcard(endpoint->name))
    return -EDESTADDRREQ; /* all addresses are no destination; Linux would connect to this machine */
  error = (int)ipc_result(connect(socket, (struct sockaddr *)&address, length));
  if (error == -EINPROGRESS || error == -EINTR)
    error = await_connection(socket, timeout_ms);
  else if (error == -EAGAIN && endpoint->transport != IPC_TCP)
    error = connect_blocking(socket, &address, length, timeout_ms);
  return error == 0 && endpoint->transport == IPC_TCP && ipc_address_is_own(socket) ? -ECONNREFUSED : error;
}

static int open_candidate(const struct ipc_endpoint *candidate, int timeout_ms, const struct ipc_observer *observer,
                          struct ipc_connection *connection, struct ipc_failure *failure) {
  int descriptor = ipc_stream_create_reported(candidate, observer, failure);
  *connection = (struct ipc_connection){.descriptor = descriptor, .endpoint = *candidate};
  if (descriptor < 0)
    return descriptor;
  int error = ipc_connect(descriptor, candidate, timeout_ms);
  if (error == -ECONNRESET) {
    connection->error = error;
    error = 0;
  }
  ipc_observer_notify(observer, IPC_STEP_CONNECT, descriptor, error, candidate);
  if (error == 0)
    return 0;
  ipc_close(descriptor);
  return ipc_failure_record(failure, IPC_STEP_CONNECT, error, candidate);
}

int ipc_client_open(const struct ipc_endpoint *candidates, size_t count, int timeout_ms,
                    const struct ipc_observer *observer, struct ipc_connection *connection,
                    struct ipc_failure *failure) {
  int64_t deadline = timeout_ms < 0 ? -1 : ipc_clock_now() + timeout_ms;
  int error = ipc_failure_record(failure, IPC_STEP_CONNECT, -EADDRNOTAVAIL, NULL);
  for (size_t i = 0; i < count; i++)
    if ((error = open_candidate(&candidates[i], ipc_clock_remaining(deadline), observer, connection, failure)) == 0)
      return 0;
  return error;
}
