/* The client's steps: connect within a timeout; and ipc_client_open(), which creates and connects. */
#include "socket.h"

#include <sys/time.h>

/// connect(2) returns EAGAIN if a Unix server's backlog is full. poll(2) can't wait for room there; only a blocking
/// connect(2) can.
static int connect_blocking(int socket, const struct sockaddr_storage *address, socklen_t length,
                            struct ipc_deadline deadline) {
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

static int refuse_itself(int socket, const struct ipc_endpoint *endpoint) {
  return endpoint->transport == IPC_TCP && ipc_address_is_own(socket) ? -ECONNREFUSED : 0;
}

/// Starts to connect. Returns EINPROGRESS if the kernel goes on connecting, as it does after EINTR.
static int begin_connecting(int socket, const struct ipc_endpoint *endpoint, struct ipc_deadline deadline) {
  struct sockaddr_storage address;
  socklen_t length;
  int error = ipc_address_encode(endpoint, &address, &length);
  if (error < 0)
    return error;
  if (endpoint->transport == IPC_TCP && ipc_endpoint_is_wildcard(endpoint->name))
    return -EDESTADDRREQ; /* all addresses are no destination; Linux would connect to this machine */
  error = (int)ipc_result(connect(socket, (struct sockaddr *)&address, length));
  if (error == -EINTR)
    return -EINPROGRESS;
  if (error == -EAGAIN && endpoint->transport != IPC_TCP)
    error = connect_blocking(socket, &address, length, deadline);
  return error < 0 ? error : refuse_itself(socket, endpoint);
}

/// Returns how connecting ended, once the socket is writable. EPIPE is a reset that came after the server's end: all of
/// its stream has arrived, and can be received.
static int finish_connecting(int socket, const struct ipc_endpoint *endpoint) {
  int pending = 0, error;
  socklen_t length = sizeof pending;
  IPC_CALL(error, getsockopt(socket, SOL_SOCKET, SO_ERROR, &pending, &length));
  if (error < 0 || (pending != 0 && pending != EPIPE))
    return error < 0 ? error : -pending;
  return refuse_itself(socket, endpoint);
}

int ipc_connect(int socket, const struct ipc_endpoint *endpoint, int timeout_ms) {
  struct ipc_deadline deadline = ipc_clock_end(timeout_ms);
  int error = begin_connecting(socket, endpoint, deadline);
  if (error != -EINPROGRESS)
    return error;
  error = ipc_wait(socket, IPC_WRITABLE, -1, ipc_clock_remaining(deadline));
  return error < 0 ? error : finish_connecting(socket, endpoint);
}

static int bind_source(int socket, const struct ipc_endpoint *source, const struct ipc_endpoint *candidate) {
  bool same = source->transport == candidate->transport;
  if (same && source->transport == IPC_TCP)
    same = !strchr(source->name, ':') == !strchr(candidate->name, ':'); /* the same IP version */
  return same ? ipc_bind(socket, source) : -EAFNOSUPPORT;
}

/// What ipc_client_open() has done so far.
struct opening {
  const struct ipc_connect_options *options;
  struct ipc_deadline deadline;
  const struct ipc_observer *_Nullable observer;
  struct ipc_connection *connection;
  struct ipc_failure *failure;
  int error; ///< that of `failure`
  struct ipc_attempts attempts;
  struct ipc_attempts full; ///< Unix sockets whose server's backlog was full
};

/// Creates a socket, and binds it to the source.
static int create_socket(struct opening *opening, const struct ipc_endpoint *candidate) {
  const struct ipc_endpoint *source = &opening->options->source;
  int socket = ipc_stream_create_reported(candidate, opening->observer, opening->failure);
  if (socket < 0 || !opening->options->has_source)
    return socket;
  int error = bind_source(socket, source, candidate);
  ipc_observer_notify(opening->observer, IPC_STEP_BIND, socket, error, source);
  if (error == 0)
    return socket;
  ipc_close(socket);
  return ipc_failure_record(opening->failure, IPC_STEP_BIND, error, source);
}

/// Reports how an attempt ended. Closes the socket unless it is connected; returns whether it is. A reset socket is:
/// the data that arrived before can be received.
static bool end_attempt(struct opening *opening, int socket, const struct ipc_endpoint *candidate, int error) {
  int reset = error == -ECONNRESET ? error : 0;
  ipc_observer_notify(opening->observer, IPC_STEP_CONNECT, socket, reset < 0 ? 0 : error, candidate);
  if (error == 0 || reset < 0) {
    *opening->connection = (struct ipc_connection){.descriptor = socket, .error = reset, .endpoint = *candidate};
    return true;
  }
  ipc_close(socket);
  opening->error = ipc_failure_record(opening->failure, IPC_STEP_CONNECT, error, candidate);
  return false;
}

/// Returns whether the candidate accepted at once. Unless it is `alone`, it waits for room in a full backlog only until
/// another candidate is due.
static bool try_socket(struct opening *opening, int socket, const struct ipc_endpoint *candidate, bool alone) {
  struct ipc_deadline end = opening->deadline;
  if (!alone)
    end = ipc_clock_earlier(end, ipc_clock_end(IPC_ATTEMPT_DELAY_MS));
  int error = begin_connecting(socket, candidate, end);
  bool is_full = error == -ETIMEDOUT && ipc_clock_remaining(opening->deadline) != 0;
  if (error != -EINPROGRESS && !is_full)
    return end_attempt(opening, socket, candidate, error);
  ipc_attempts_add(is_full ? &opening->full : &opening->attempts, socket, candidate);
  return false;
}

static bool start_attempt(struct opening *opening, const struct ipc_endpoint *candidate, bool alone) {
  int socket = create_socket(opening, candidate);
  if (socket >= 0)
    return try_socket(opening, socket, candidate, alone);
  opening->error = socket;
  return false;
}

/// Tries the candidate again whose backlog was full the longest time ago.
static bool retry_attempt(struct opening *opening) {
  const struct ipc_endpoint *candidate;
  int socket = ipc_attempts_remove(&opening->full, 0, &candidate);
  if (ipc_clock_remaining(opening->deadline) == 0)
    return end_attempt(opening, socket, candidate, -ETIMEDOUT);
  return try_socket(opening, socket, candidate, opening->full.count == 0 && opening->attempts.count == 0);
}

/// Waits until an attempt ends, or until the next one is due if there are `more`; returns whether it is connected. At
/// the deadline all attempts end.
static bool await_attempts(struct opening *opening, bool more) {
  struct ipc_deadline end = opening->deadline;
  if (more)
    end = ipc_clock_earlier(end, ipc_clock_end(IPC_ATTEMPT_DELAY_MS));
  const struct ipc_endpoint *candidate;
  int index = ipc_attempts_wait(&opening->attempts, end);
  if (index >= 0) {
    int socket = ipc_attempts_remove(&opening->attempts, (size_t)index, &candidate);
    return end_attempt(opening, socket, candidate, finish_connecting(socket, candidate));
  }
  if (index == -ETIMEDOUT && ipc_clock_remaining(opening->deadline) != 0)
    return false;
  while (opening->attempts.count > 0) {
    int socket = ipc_attempts_remove(&opening->attempts, 0, &candidate);
    end_attempt(opening, socket, candidate, index);
  }
  return false;
}

int ipc_client_open(const struct ipc_endpoint *candidates, size_t count, const struct ipc_connect_options *options,
                    const struct ipc_observer *observer, struct ipc_connection *connection,
                    struct ipc_failure *failure) {
  struct opening opening = {.options = options, .observer = observer, .connection = connection, .failure = failure};
  opening.deadline = ipc_clock_end(options->timeout_ms);
  opening.error = ipc_failure_record(failure, IPC_STEP_CONNECT, -EADDRNOTAVAIL, NULL);
  bool connected = false;
  for (size_t started = 0; !connected;) {
    size_t running = opening.attempts.count, waiting = opening.full.count;
    bool more = started < count && running + waiting < IPC_CANDIDATES_MAX;
    if (started > 0 && ipc_clock_remaining(opening.deadline) == 0) /* no time is left for another one */
      more = false;
    if (!more && running + waiting == 0)
      return opening.error;
    if (more)
      connected = start_attempt(&opening, &candidates[started++], count == 1);
    else if (waiting > 0)
      connected = retry_attempt(&opening);
    /* The next attempt starts at once after a failure. */
    if (connected || opening.attempts.count == 0 || (more && opening.attempts.count == running))
      continue;
    more = opening.full.count > 0 || (started < count && opening.attempts.count < IPC_CANDIDATES_MAX);
    connected = await_attempts(&opening, more);
  }
  ipc_attempts_close(&opening.attempts);
  ipc_attempts_close(&opening.full);
  return 0;
}
