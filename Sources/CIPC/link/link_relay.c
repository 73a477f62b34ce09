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
  const struct ipc_observer *_Nullable observer;
  struct ipc_failure *failure;
  unsigned char *down, *up; ///< buffers: from the link, and to it
  size_t length, sent;      ///< of `up`: bytes that were read, and those of them that were sent
  enum relay_up phase;
  bool has_ended; ///< the server's end was received
  int reset;      ///< 0, or -ECONNRESET from sending: a server that dies may seem to live until its locks are gone
};

static int link_step(const struct relay *relay, enum ipc_step step, ssize_t result) {
  ipc_observer_notify(relay->observer, step, relay->link->rendezvous, result, &relay->link->endpoint);
  return result < 0 ? ipc_failure_record(relay->failure, step, result, &relay->link->endpoint) : 0;
}

static int local_step(const struct relay *relay, enum ipc_step step, int descriptor, ssize_t result) {
  ipc_observer_notify(relay->observer, step, descriptor, result, NULL);
  return result < 0 ? ipc_failure_record(relay->failure, step, result, NULL) : 0;
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
  return local_step(relay, IPC_STEP_OUTPUT, relay->output, ipc_write(relay->output, relay->down, (size_t)count));
}

/// A server that receives no more is no error: what it has sent is still received.
static void stop_sending(struct relay *relay) {
  relay->phase = RELAY_UP_CLOSED;
  relay->length = relay->sent = 0;
}

static int send_some(struct relay *relay) {
  ssize_t count = ipc_link_send(relay->link, relay->up + relay->sent, relay->length - relay->sent);
  if (count == -EAGAIN)
    return 0;
  ipc_observer_notify(relay->observer, IPC_STEP_SEND, relay->link->rendezvous, count, &relay->link->endpoint);
  if (count >= 0)
    relay->sent += (size_t)count;
  else if (count == -EPIPE)
    stop_sending(relay);
  else if (count == -ECONNRESET) { /* reported once the server ends, unless it has died */
    stop_sending(relay);
    relay->phase = RELAY_UP_ENDS;
    relay->reset = (int)count;
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

static int run(struct relay *relay) {
  for (;;) {
    bool is_pending = relay->sent < relay->length || relay->phase == RELAY_UP_ENDS;
    int events = IPC_READABLE | (is_pending ? IPC_WRITABLE : 0);
    int extra = relay->phase == RELAY_UP_READS && !is_pending ? relay->input : -1;
    int ready = ipc_link_wait(relay->link, events, extra, -1);
    if (ready < 0)
      return ipc_failure_record(relay->failure, IPC_STEP_WAIT, ready, &relay->link->endpoint);
    int error = ready & IPC_READABLE ? pass_down(relay) : 0;
    if (error < 0 || relay->has_ended)
      return error;
    if (ready & IPC_WRITABLE)
      error = relay->phase == RELAY_UP_ENDS ? half_close(relay) : send_some(relay);
    else if (ready & IPC_EXTRA)
      error = read_some(relay);
    if (error < 0)
      return error;
  }
}

int ipc_link_relay(struct ipc_link *link, int input, int output, const struct ipc_observer *observer,
                   struct ipc_failure *failure) {
  struct relay relay = {.link = link, .input = input, .output = output, .observer = observer, .failure = failure};
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
