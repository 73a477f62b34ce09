/* The client's two-way copy between a link and two descriptors. */
#include "link_transport.h"

#include <stdlib.h>

enum relay_up {
  RELAY_UP_READS,  ///< input is read and sent
  RELAY_UP_ENDS,   ///< input has ended, and the half-close is not sent yet
  RELAY_UP_CLOSED, ///< nothing more is sent
};

struct relay {
  struct ipc_link *link;
  int input, output;
  const struct ipc_relay_options *options;
  const struct ipc_observer *_Nullable observer;
  struct ipc_failure *failure;
  unsigned char *down, *up; ///< buffers: from the link, and to it
  size_t length, sent;      ///< of `up`: bytes that were read, and those of them that were sent
  enum relay_up phase;
  bool has_ended;           ///< the server's end was received
  bool keeps_sending;       ///< all of the input must be sent, even after the server's end
  struct ipc_deadline idle; ///< when the idle time ends
  int cut;                  ///< 0, or the error that ended sending before the input's end
  int reset; ///< 0, or -ECONNRESET from sending: a server that dies may seem to live until its locks are gone
};

static int link_step(const struct relay *relay, enum ipc_step step, ssize_t result) {
  ipc_observer_notify(relay->observer, step, relay->link->rendezvous, result, &relay->link->endpoint);
  return result < 0 ? ipc_failure_record(relay->failure, step, result, &relay->link->endpoint) : 0;
}

static int local_step(const struct relay *relay, enum ipc_step step, int descriptor, ssize_t result) {
  ipc_observer_notify(relay->observer, step, descriptor, result, NULL);
  return result < 0 ? ipc_failure_record(relay->failure, step, result, NULL) : 0;
}

/// Waits as ipc_link_wait(); after the server's end only for what is left: the input, or room to send it.
static int wait_for_any(const struct relay *relay) {
  bool is_pending = relay->sent < relay->length || relay->phase == RELAY_UP_ENDS;
  int events = (relay->has_ended ? 0 : IPC_READABLE) | (is_pending ? IPC_WRITABLE : 0);
  int extra = relay->phase == RELAY_UP_READS && !is_pending ? relay->input : -1;
  if (events != 0)
    return ipc_link_wait(relay->link, events, extra, ipc_clock_remaining(relay->idle));
  int ready = ipc_wait(relay->input, IPC_READABLE, -1, ipc_clock_remaining(relay->idle));
  return ready < 0 ? ready : IPC_EXTRA;
}

/// Starts the idle time again.
static void touch(struct relay *relay) {
  if (relay->options->idle_ms > 0)
    relay->idle = ipc_clock_end(relay->options->idle_ms);
}

static int pass_down(struct relay *relay) {
  ssize_t count = ipc_link_receive(relay->link, relay->down, IPC_BUFFER_SIZE);
  if (count == -EAGAIN)
    return 0;
  relay->has_ended = count == 0;
  if (count == 0 && relay->reset < 0)
    return ipc_failure_record(relay->failure, IPC_STEP_SEND, relay->reset, &relay->link->endpoint);
  int error = link_step(relay, IPC_STEP_RECEIVE, count);
  if (count <= 0)
    return error;
  /* Blocks while nobody reads the output: then no more is received, and memory stays bounded. */
  if (relay->options->direction != IPC_RELAY_SEND)
    error = local_step(relay, IPC_STEP_OUTPUT, relay->output, ipc_write(relay->output, relay->down, (size_t)count));
  touch(relay);
  return error;
}

/// A server that receives no more is no error yet: what it has sent is still received.
static void stop_sending(struct relay *relay) {
  relay->phase = RELAY_UP_CLOSED;
  relay->length = relay->sent = 0;
}

static int send_some(struct relay *relay) {
  ssize_t count = ipc_link_send(relay->link, relay->up + relay->sent, relay->length - relay->sent);
  if (count == -EAGAIN)
    return 0;
  ipc_observer_notify(relay->observer, IPC_STEP_SEND, relay->link->rendezvous, count, &relay->link->endpoint);
  if (count >= 0) {
    relay->sent += (size_t)count;
    touch(relay);
  } else if (count == -EPIPE || count == -ECONNRESET) {
    stop_sending(relay);
    relay->cut = (int)count;
    if (count == -ECONNRESET) { /* reported once the server ends, unless it has died */
      relay->phase = RELAY_UP_ENDS;
      relay->reset = (int)count;
    }
  } else
    return ipc_failure_record(relay->failure, IPC_STEP_SEND, count, &relay->link->endpoint);
  return 0;
}

static int half_close(struct relay *relay) {
  int error = ipc_link_half_close(relay->link);
  if (error == -EAGAIN)
    return 0;
  stop_sending(relay);
  return link_step(relay, IPC_STEP_HALF_CLOSE, error);
}

static int read_some(struct relay *relay) {
  ssize_t count = ipc_read(relay->input, relay->up, IPC_BUFFER_SIZE);
  if (count == -EAGAIN)
    return 0;
  int error = local_step(relay, IPC_STEP_INPUT, relay->input, count);
  if (error < 0)
    return error;
  relay->length = (size_t)count;
  relay->sent = 0;
  if (count > 0)
    return send_some(relay);
  relay->phase = RELAY_UP_ENDS;
  return half_close(relay);
}

static bool is_finished(const struct relay *relay) {
  bool has_sent = relay->phase == RELAY_UP_CLOSED || relay->cut < 0;
  return relay->has_ended && (has_sent || !relay->keeps_sending);
}

static int run(struct relay *relay) {
  while (!is_finished(relay)) {
    int ready = wait_for_any(relay);
    if (ready < 0)
      return ipc_failure_record(relay->failure, IPC_STEP_WAIT, ready, &relay->link->endpoint);
    int error = ready & IPC_READABLE && !relay->has_ended ? pass_down(relay) : 0;
    if (error < 0 || is_finished(relay))
      ready = 0;
    if (ready & IPC_WRITABLE)
      error = relay->phase == RELAY_UP_ENDS ? half_close(relay) : send_some(relay);
    else if (ready & IPC_EXTRA)
      error = read_some(relay);
    if (error < 0)
      return error;
  }
  bool fails = relay->keeps_sending && relay->cut < 0;
  return fails ? ipc_failure_record(relay->failure, IPC_STEP_SEND, relay->cut, &relay->link->endpoint) : 0;
}

int ipc_link_relay(struct ipc_link *link, int input, int output, const struct ipc_relay_options *options,
                   const struct ipc_observer *observer, struct ipc_failure *failure) {
  struct relay relay = {.link = link,
                        .input = input,
                        .output = output,
                        .options = options,
                        .observer = observer,
                        .failure = failure,
                        .phase = options->direction == IPC_RELAY_RECEIVE ? RELAY_UP_CLOSED : RELAY_UP_READS,
                        .keeps_sending = options->keeps_sending || options->direction == IPC_RELAY_SEND,
                        .idle = ipc_clock_end(options->idle_ms > 0 ? options->idle_ms : -1)};
  relay.down = malloc(2 * IPC_BUFFER_SIZE);
  if (!relay.down)
    return ipc_failure_record(failure, IPC_STEP_RECEIVE, -ENOMEM, &link->endpoint);
  relay.up = relay.down + IPC_BUFFER_SIZE;
  int error = run(&relay);
  if (link->ops->forget_extra) /* the caller may close its input */
    link->ops->forget_extra(link);
  free(relay.down);
  return error;
}
