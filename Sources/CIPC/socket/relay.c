/* The client's relay: copies both ways between a connection and two descriptors. */
#include "socket.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>

enum {
  CHUNK = 65536, ///< bytes to receive at once: they are still in the processor's cache when they are written
  BULK = 16384,  ///< received bytes after which more have probably arrived
  ROUNDS = 16,   ///< bulk receives in a row, before input has its chance
};

struct relay {
  int connection, input, output;
  const struct ipc_endpoint *peer;
  const struct ipc_relay_options *options;
  const struct ipc_observer *_Nullable observer;
  struct ipc_failure *failure;
  unsigned char *received, *pending; ///< buffers: from the connection, and to it
  size_t filled, sent;               ///< bytes in `pending`, and how many of them were sent
  bool reads_input;                  ///< until its end, or until the server receives no more
  bool ended;                        ///< the server's stream has ended
  bool is_bulk;                      ///< the server sends in bulk
  bool can_splice;                   ///< the output is a pipe
  bool keeps_sending;                ///< all of the input must be sent, even after the server's end
  struct ipc_deadline idle;          ///< when the idle time ends
  int cut;                           ///< 0, or the error that ended sending before the input's end
  int reset; ///< 0, or -ECONNRESET from sending: the kernel reports it once, and receiving would then see an end
};

static int report_connection(const struct relay *relay, enum ipc_step step, ssize_t result) {
  ipc_observer_notify(relay->observer, step, relay->connection, result, relay->peer);
  return result < 0 ? ipc_failure_record(relay->failure, step, result, relay->peer) : 0;
}

static int report_local(const struct relay *relay, enum ipc_step step, int descriptor, ssize_t result) {
  ipc_observer_notify(relay->observer, step, descriptor, result, NULL);
  return result < 0 ? ipc_failure_record(relay->failure, step, result, NULL) : 0;
}

/// Waits until there is input to read (unless input is pending), until pending input can be sent, or until something
/// was received. After the server's end, nothing is received any more.
static int wait_for_any(const struct relay *relay, bool *input, bool *room, bool *received) {
  bool is_pending = relay->sent < relay->filled;
  short asked = (short)((relay->ended ? 0 : POLLIN) | (is_pending ? POLLOUT : 0));
  struct pollfd set[] = {{.fd = asked ? relay->connection : -1, .events = asked},
                         {.fd = relay->reads_input && !is_pending ? relay->input : -1, .events = POLLIN}};
  int ready;
  IPC_CALL(ready, poll(set, 2, ipc_clock_remaining(relay->idle)));
  *room = is_pending && (set[0].revents & (POLLOUT | POLLERR | POLLHUP));
  *received = !relay->ended && (set[0].revents & ~POLLOUT);
  *input = set[1].revents != 0;
  return ready == 0 ? -ETIMEDOUT : ready;
}

/// Starts the idle time again.
static void touch(struct relay *relay) {
  if (relay->options->idle_ms > 0)
    relay->idle = ipc_clock_end(relay->options->idle_ms);
}

static ssize_t report_received(struct relay *relay, ssize_t count) {
  if (count == 0 && relay->reset < 0)
    count = relay->reset;
  relay->ended = count == 0;
  int error = report_connection(relay, IPC_STEP_RECEIVE, count);
  return error < 0 ? error : count;
}

/// Copies once from the connection to the output; returns the count, or 0 at the end or if nothing has arrived.
static ssize_t copy_received(struct relay *relay) {
  ssize_t count = ipc_receive(relay->connection, relay->received, CHUNK);
  if (count == -EAGAIN)
    return 0;
  count = report_received(relay, count);
  if (count <= 0 || relay->options->direction == IPC_RELAY_SEND)
    return count;
  /* Blocks while the reader of the output does not read: the server then has to wait too, and memory stays bounded. */
  ssize_t written = ipc_write(relay->output, relay->received, (size_t)count);
  int error = report_local(relay, IPC_STEP_OUTPUT, relay->output, written);
  return error < 0 ? error : count;
}

/// As copy_received(), but into a pipe and without a copy in user space. It may block only if something `has_arrived`:
/// a blocking splice(2) waits for room in a full pipe even if nothing has arrived, and would hold up the input.
///
/// A splice(2) that moves nothing proves nothing: it does not pass an urgent byte (MSG_OOB), where it returns EAGAIN,
/// or 0 if the server has closed behind that byte; and a full pipe that does not block is EAGAIN, too. recv(2) skips
/// the urgent byte, and ipc_write() waits for the pipe. So only copy_received() decides that nothing has arrived, or
/// that the stream has ended.
static ssize_t splice_received(struct relay *relay, bool has_arrived) {
  ssize_t count;
  unsigned flags = has_arrived ? 0 : SPLICE_F_NONBLOCK;
  IPC_CALL(count, splice(relay->connection, NULL, relay->output, NULL, IPC_BUFFER_SIZE, flags));
  if (count == -EAGAIN && !has_arrived)
    return 0;
  relay->can_splice = count != -EINVAL;
  if (count == 0 || count == -EAGAIN || count == -EINVAL)
    return copy_received(relay);
  if (count == -EPIPE)
    return report_local(relay, IPC_STEP_OUTPUT, relay->output, count);
  count = report_received(relay, count);
  if (count > 0)
    report_local(relay, IPC_STEP_OUTPUT, relay->output, count);
  return count;
}

static int forward_received(struct relay *relay) {
  for (int round = 0; round < ROUNDS; round++) {
    bool splices = relay->is_bulk && relay->can_splice;
    ssize_t count = splices ? splice_received(relay, round == 0) : copy_received(relay);
    if (count <= 0)
      return (int)count;
    touch(relay);
    relay->is_bulk = count >= BULK;
    if (!relay->is_bulk)
      break;
  }
  return 0;
}

static void stop_reading_input(struct relay *relay) {
  relay->reads_input = false;
  relay->filled = relay->sent = 0;
}

/// A server that receives no more is no error yet: the client still receives what the server has sent.
static int send_pending(struct relay *relay) {
  ssize_t count = ipc_send(relay->connection, relay->pending + relay->sent, relay->filled - relay->sent, false);
  if (count == -EAGAIN)
    return 0;
  ipc_observer_notify(relay->observer, IPC_STEP_SEND, relay->connection, count, relay->peer);
  if (count >= 0) {
    relay->sent += (size_t)count;
    touch(relay);
  } else if (count == -EPIPE || count == -ECONNRESET) {
    relay->cut = (int)count;
    if (count == -ECONNRESET)
      relay->reset = (int)count;
    stop_reading_input(relay);
  } else
    return ipc_failure_record(relay->failure, IPC_STEP_SEND, count, relay->peer);
  return 0;
}

/// After the server's end no receive reports that the server has refused bytes (SO_ERROR of socket(7)).
static int half_close(struct relay *relay) {
  stop_reading_input(relay);
  int refused = relay->ended ? ipc_stream_option(relay->connection, SOL_SOCKET, SO_ERROR) : 0;
  if (refused != 0)
    return report_connection(relay, IPC_STEP_SEND, refused > 0 ? -refused : refused);
  int error = ipc_half_close(relay->connection);
  return error == -ENOTCONN ? 0 : report_connection(relay, IPC_STEP_HALF_CLOSE, error);
}

static int read_input(struct relay *relay) {
  ssize_t count = ipc_read(relay->input, relay->pending, IPC_BUFFER_SIZE);
  if (count == -EAGAIN)
    return 0;
  int error = report_local(relay, IPC_STEP_INPUT, relay->input, count);
  if (error < 0)
    return error;
  relay->filled = (size_t)count;
  relay->sent = 0;
  return count > 0 ? send_pending(relay) : half_close(relay);
}

static bool is_finished(const struct relay *relay) {
  return relay->ended && !(relay->keeps_sending && relay->reads_input);
}

static int run(struct relay *relay) {
  while (!is_finished(relay)) {
    bool input, room, received;
    int error = wait_for_any(relay, &input, &room, &received);
    if (error < 0)
      return ipc_failure_record(relay->failure, IPC_STEP_WAIT, error, relay->peer);
    error = received ? forward_received(relay) : 0;
    if (error == 0 && room && !is_finished(relay))
      error = send_pending(relay);
    else if (error == 0 && input && !is_finished(relay))
      error = read_input(relay);
    if (error < 0)
      return error;
  }
  bool fails = relay->keeps_sending && relay->cut < 0;
  return fails ? ipc_failure_record(relay->failure, IPC_STEP_SEND, relay->cut, relay->peer) : 0;
}

int ipc_relay(const struct ipc_connection *connection, int input, int output, const struct ipc_relay_options *options,
              const struct ipc_observer *observer, struct ipc_failure *failure) {
  bool writes = options->direction != IPC_RELAY_SEND;
  struct stat status;
  struct relay relay = {.connection = connection->descriptor,
                        .input = input,
                        .output = output,
                        .peer = &connection->endpoint,
                        .options = options,
                        .observer = observer,
                        .failure = failure,
                        .reads_input = options->direction != IPC_RELAY_RECEIVE,
                        .can_splice = writes && fstat(output, &status) == 0 && S_ISFIFO(status.st_mode),
                        .keeps_sending = options->keeps_sending || !writes,
                        .idle = ipc_clock_end(options->idle_ms > 0 ? options->idle_ms : -1),
                        .reset = connection->error};
  relay.received = malloc(CHUNK + IPC_BUFFER_SIZE);
  if (!relay.received)
    return ipc_failure_record(failure, IPC_STEP_RECEIVE, -ENOMEM, relay.peer);
  relay.pending = relay.received + CHUNK;
  int error = run(&relay);
  free(relay.received);
  return error;
}
