/* The client's two-way copy between a link and two descriptors. */
#include "link_internal.h"

#include <stdlib.h>

struct carry {
  struct ipc_link *link;
  int input, output;
  const struct ipc_observer *_Nullable observer;
  struct ipc_failure *failure;
  unsigned char *down, *up; ///< buffers: from the link, and to it
  size_t held, sent;        ///< of what goes up: bytes read, and of those sent
  bool taking;              ///< input is still read
  bool finishing;           ///< its end is still to be told
  bool ended;               ///< the server's end has come
};

static int link_step(const struct carry *carry, enum ipc_step step, ssize_t result) {
  ipc_observer_notify(carry->observer, step, carry->link->lobby, result, &carry->link->endpoint);
  return result < 0 ? ipc_failure_record(carry->failure, step, result, &carry->link->endpoint) : 0;
}

static int local_step(const struct carry *carry, enum ipc_step step, int descriptor, ssize_t result) {
  ipc_observer_notify(carry->observer, step, descriptor, result, NULL);
  return result < 0 ? ipc_failure_record(carry->failure, step, result, NULL) : 0;
}

static int pass_down(struct carry *carry) {
  ssize_t count = ipc_link_receive(carry->link, carry->down, IPC_BUFFER_SIZE);
  if (count == -EAGAIN)
    return 0;
  carry->ended = count == 0;
  int error = link_step(carry, IPC_STEP_RECEIVE, count);
  if (count <= 0)
    return error;
  /* Blocks while the reader of our output does: who does not read gets no more, and memory stays bounded. */
  return local_step(carry, IPC_STEP_OUTPUT, carry->output, ipc_write(carry->output, carry->down, (size_t)count));
}

/// A server that takes no more input is no error; what it has sent is still to be received.
static void stop_taking(struct carry *carry) {
  carry->taking = carry->finishing = false;
  carry->held = carry->sent = 0;
}

static int send_some(struct carry *carry) {
  ssize_t count = ipc_link_send(carry->link, carry->up + carry->sent, carry->held - carry->sent);
  if (count == -EAGAIN)
    return 0;
  ipc_observer_notify(carry->observer, IPC_STEP_SEND, carry->link->lobby, count, &carry->link->endpoint);
  if (count >= 0)
    carry->sent += (size_t)count;
  else if (count == -EPIPE)
    stop_taking(carry);
  else
    return ipc_failure_record(carry->failure, IPC_STEP_SEND, count, &carry->link->endpoint);
  return 0;
}

static int finish(struct carry *carry) {
  int error = ipc_link_half_close(carry->link);
  if (error == -EAGAIN)
    return 0;
  stop_taking(carry);
  return link_step(carry, IPC_STEP_HALF_CLOSE, error);
}

static int read_some(struct carry *carry) {
  ssize_t count = ipc_read(carry->input, carry->up, IPC_BUFFER_SIZE);
  if (count == -EAGAIN)
    return 0;
  int error = local_step(carry, IPC_STEP_INPUT, carry->input, count);
  if (error < 0)
    return error;
  carry->held = (size_t)count;
  carry->sent = 0;
  if (count > 0)
    return send_some(carry);
  carry->finishing = true;
  return finish(carry);
}

static int carry_on(struct carry *carry) {
  for (;;) {
    bool pending = carry->sent < carry->held || carry->finishing;
    int ready = ipc_link_wait(carry->link, IPC_READABLE | (pending ? IPC_WRITABLE : 0),
                              carry->taking && !pending ? carry->input : -1, -1);
    if (ready < 0)
      return ipc_failure_record(carry->failure, IPC_STEP_WAIT, ready, &carry->link->endpoint);
    int error = ready & IPC_READABLE ? pass_down(carry) : 0;
    if (error < 0 || carry->ended)
      return error;
    if (ready & IPC_WRITABLE)
      error = carry->finishing ? finish(carry) : send_some(carry);
    else if (ready & IPC_EXTRA)
      error = read_some(carry);
    if (error < 0)
      return error;
  }
}

int ipc_link_relay(struct ipc_link *link, int input, int output, const struct ipc_observer *observer,
                   struct ipc_failure *failure) {
  struct carry carry = {
      .link = link, .input = input, .output = output, .observer = observer, .failure = failure, .taking = true};
  carry.down = malloc(2 * IPC_BUFFER_SIZE);
  if (!carry.down)
    return ipc_failure_record(failure, IPC_STEP_RECEIVE, -ENOMEM, &link->endpoint);
  carry.up = carry.down + IPC_BUFFER_SIZE;
  int error = carry_on(&carry);
  ipc_memory_look_away(link); /* the caller may close its input */
  free(carry.down);
  return error;
}
