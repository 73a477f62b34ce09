/* The client's two-way copy between a connection and two descriptors. */
#include "../core/internal.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>

enum {
  CHUNK = 65536, ///< bytes copied at once: they are still in the core's cache when they are written
  BULK = 16384,  ///< bytes at once, after which more has probably come meanwhile
  ROUNDS = 16,   ///< in a row from the connection, before what goes up has its turn
};

struct relay {
  int connection, input, output;
  const struct ipc_endpoint *peer;
  const struct ipc_observer *_Nullable observer;
  struct ipc_failure *failure;
  unsigned char *down, *up; ///< buffers: from the connection, and to it
  size_t held, sent;        ///< of what goes up: bytes read, and of those sent
  bool taking;              ///< input is still read
  bool ended;               ///< the server's end has come
  bool flows;               ///< it sends in bulk
  bool splices;             ///< the output is a pipe
  int reset;                ///< a reset that sending found: the kernel tells it once, receiving would then see an end
};

static int connection_step(const struct relay *relay, enum ipc_step step, ssize_t result) {
  ipc_observer_notify(relay->observer, step, relay->connection, result, relay->peer);
  return result < 0 ? ipc_failure_record(relay->failure, step, result, relay->peer) : 0;
}

static int local_step(const struct relay *relay, enum ipc_step step, int descriptor, ssize_t result) {
  ipc_observer_notify(relay->observer, step, descriptor, result, NULL);
  return result < 0 ? ipc_failure_record(relay->failure, step, result, NULL) : 0;
}

/// Waits until there is something to do: input to read (nothing waits to be sent), room to send, something received.
static int wait_for_either(const struct relay *relay, bool *input, bool *room, bool *received) {
  bool pending = relay->sent < relay->held;
  short asked = (short)(POLLIN | (pending ? POLLOUT : 0));
  struct pollfd set[] = {{.fd = relay->connection, .events = asked},
                         {.fd = relay->taking && !pending ? relay->input : -1, .events = POLLIN}};
  int ready;
  IPC_CALL(ready, poll(set, 2, -1));
  *room = pending && (set[0].revents & (POLLOUT | POLLERR | POLLHUP));
  *received = set[0].revents & ~POLLOUT;
  *input = set[1].revents != 0;
  return ready;
}

static ssize_t note_received(struct relay *relay, ssize_t count) {
  if (count == 0 && relay->reset < 0)
    count = relay->reset;
  relay->ended = count == 0;
  int error = connection_step(relay, IPC_STEP_RECEIVE, count);
  return error < 0 ? error : count;
}

/// From the connection to the output; the count, 0 at the server's end or if nothing waits.
static ssize_t copy_some(struct relay *relay) {
  ssize_t count = ipc_receive(relay->connection, relay->down, CHUNK);
  if (count == -EAGAIN)
    return 0;
  count = note_received(relay, count);
  if (count <= 0)
    return count;
  /* Blocks while the reader of our output does: who does not read gets no more, and memory stays bounded. */
  int error = local_step(relay, IPC_STEP_OUTPUT, relay->output, ipc_write(relay->output, relay->down, (size_t)count));
  return error < 0 ? error : count;
}

/// The same into a pipe, without a copy through our memory. `waits` says that something has come: only then may it
/// block. A splice(2) that blocks does so while the pipe is full, though nothing has come, and what goes up would wait
/// for it.
static ssize_t splice_some(struct relay *relay, bool waits) {
  ssize_t count;
  unsigned flags = waits ? 0 : SPLICE_F_NONBLOCK;
  IPC_CALL(count, splice(relay->connection, NULL, relay->output, NULL, IPC_BUFFER_SIZE, flags));
  if (count == -EAGAIN) { /* a pipe that does not block by itself */
    int ready = waits ? ipc_wait(relay->output, IPC_WRITABLE, -1, -1) : 0;
    return ready < 0 ? local_step(relay, IPC_STEP_OUTPUT, relay->output, ready) : 0;
  }
  if (count == -EINVAL) {
    relay->splices = false;
    return 0;
  }
  if (count == -EPIPE)
    return local_step(relay, IPC_STEP_OUTPUT, relay->output, count);
  count = note_received(relay, count);
  if (count > 0)
    local_step(relay, IPC_STEP_OUTPUT, relay->output, count);
  return count;
}

static int pass_down(struct relay *relay) {
  for (int round = 0; round < ROUNDS; round++) {
    ssize_t count = relay->flows && relay->splices ? splice_some(relay, round == 0) : copy_some(relay);
    if (count <= 0)
      return (int)count;
    relay->flows = count >= BULK;
    if (!relay->flows)
      break;
  }
  return 0;
}

/// A server that takes no more input is no error; what it has sent is still to be received.
static void stop_taking(struct relay *relay) {
  relay->taking = false;
  relay->held = relay->sent = 0;
}

static int send_some(struct relay *relay) {
  ssize_t count = ipc_send(relay->connection, relay->up + relay->sent, relay->held - relay->sent, false);
  if (count == -EAGAIN)
    return 0;
  ipc_observer_notify(relay->observer, IPC_STEP_SEND, relay->connection, count, relay->peer);
  if (count >= 0)
    relay->sent += (size_t)count;
  else if (count == -EPIPE || count == -ECONNRESET) {
    if (count == -ECONNRESET)
      relay->reset = (int)count;
    stop_taking(relay);
  } else
    return ipc_failure_record(relay->failure, IPC_STEP_SEND, count, relay->peer);
  return 0;
}

static int read_some(struct relay *relay) {
  ssize_t count = ipc_read(relay->input, relay->up, IPC_BUFFER_SIZE);
  if (count == -EAGAIN)
    return 0;
  int error = local_step(relay, IPC_STEP_INPUT, relay->input, count);
  if (error < 0)
    return error;
  relay->held = (size_t)count;
  relay->sent = 0;
  if (count > 0)
    return send_some(relay);
  stop_taking(relay);
  int half_closed = ipc_half_close(relay->connection);
  return half_closed == -ENOTCONN ? 0 : connection_step(relay, IPC_STEP_HALF_CLOSE, half_closed);
}

static int relay_on(struct relay *relay) {
  for (;;) {
    bool input, room, received;
    int error = wait_for_either(relay, &input, &room, &received);
    if (error < 0)
      return ipc_failure_record(relay->failure, IPC_STEP_WAIT, error, relay->peer);
    error = received ? pass_down(relay) : 0;
    if (error < 0 || relay->ended)
      return error;
    if (room)
      error = send_some(relay);
    else if (input)
      error = read_some(relay);
    if (error < 0)
      return error;
  }
}

int ipc_relay(const struct ipc_connection *connection, int input, int output, const struct ipc_observer *observer,
              struct ipc_failure *failure) {
  struct stat status;
  struct relay relay = {.connection = connection->descriptor,
                        .input = input,
                        .output = output,
                        .peer = &connection->endpoint,
                        .observer = observer,
                        .failure = failure,
                        .taking = true,
                        .splices = fstat(output, &status) == 0 && S_ISFIFO(status.st_mode),
                        .reset = connection->error};
  relay.down = malloc(CHUNK + IPC_BUFFER_SIZE);
  if (!relay.down)
    return ipc_failure_record(failure, IPC_STEP_RECEIVE, -ENOMEM, relay.peer);
  relay.up = relay.down + CHUNK;
  int error = relay_on(&relay);
  free(relay.down);
  return error;
}
