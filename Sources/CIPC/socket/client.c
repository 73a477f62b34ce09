/* The client's steps: connect within a time; and all of them up to a connection. */
#include "../core/internal.h"

#include <fcntl.h>
#include <sys/time.h>

/// The kernel goes on connecting where connect(2) could not wait for the end.
static int await_connection(int socket, int timeout_ms) {
  int error = ipc_wait(socket, IPC_WRITABLE, -1, timeout_ms), pending = 0;
  socklen_t length = sizeof pending;
  if (error >= 0)
    IPC_CALL(error, getsockopt(socket, SOL_SOCKET, SO_ERROR, &pending, &length));
  return error < 0 ? error : -pending;
}

static int set_blocking(int socket, bool blocking) {
  int flags, error;
  IPC_CALL(flags, fcntl(socket, F_GETFL));
  if (flags < 0)
    return flags;
  flags = blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK;
  IPC_CALL(error, fcntl(socket, F_SETFL, flags));
  return error;
}

/// A Unix server's full backlog is EAGAIN, and there is nothing to poll for: only a blocking connect(2) waits for a
/// place.
static int connect_blocking(int socket, const struct sockaddr_storage *address, socklen_t length, int timeout_ms) {
  int64_t deadline = timeout_ms < 0 ? -1 : ipc_now_ms() + timeout_ms;
  int error = set_blocking(socket, true);
  while (error == 0) {
    int left = ipc_remaining_ms(deadline);
    if (left == 0) {
      error = -ETIMEDOUT;
      break;
    }
    struct timeval limit = {0}; /* zero is no limit */
    if (left > 0)
      limit = (struct timeval){left / 1000, left % 1000 * 1000};
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    error = (int)ipc_result(connect(socket, (const struct sockaddr *)address, length));
    if (error != -EINTR)
      break;
    error = 0;
  }
  int restored = set_blocking(socket, false);
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
  error = (int)ipc_result(connect(socket, (struct sockaddr *)&address, length));
  if (error == -EINPROGRESS || error == -EINTR)
    return await_connection(socket, timeout_ms);
  if (error == -EAGAIN && endpoint->transport != IPC_TCP)
    return connect_blocking(socket, &address, length, timeout_ms);
  return error;
}

static int open_one(const struct ipc_endpoint *candidate, int timeout_ms, const struct ipc_observer *observer,
                    struct ipc_connection *connection, struct ipc_failure *failure) {
  int descriptor = ipc_create(candidate);
  *connection = (struct ipc_connection){.descriptor = descriptor, .endpoint = *candidate};
  ipc_observer_notify(observer, IPC_STEP_CREATE, descriptor < 0 ? -1 : descriptor, descriptor < 0 ? descriptor : 0,
                      candidate);
  if (descriptor < 0)
    return ipc_failure_record(failure, IPC_STEP_CREATE, descriptor, candidate);
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
  int64_t deadline = timeout_ms < 0 ? -1 : ipc_now_ms() + timeout_ms;
  int error = ipc_failure_record(failure, IPC_STEP_CONNECT, -EADDRNOTAVAIL, NULL);
  for (size_t i = 0; i < count; i++)
    if ((error = open_one(&candidates[i], ipc_remaining_ms(deadline), observer, connection, failure)) == 0)
      return 0;
  return error;
}
