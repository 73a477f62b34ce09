/* A conversation: one client of a link and its service, waiting where it must. */
#include "link_internal.h"

enum { BUSY = 64 }; /* steps in a row that need no waiting, after which stops and notices have their turn */

/// When the client, or all serving, is overdue; -1 is never.
static int64_t deadline(const struct ipc_host *host) {
  int64_t idle = host->serving->limits.idle_ms > 0 ? host->active + host->serving->limits.idle_ms : -1;
  return host->drained > 0 && (idle < 0 || host->drained < idle) ? host->drained : idle;
}

/// Waits until the client is ready. Errors: ECANCELED (a stop ends serving).
static int await(struct ipc_host *host, int events) {
  host->steps = 0;
  while (!host->stopped) {
    int ready = ipc_link_wait(host->link, events, host->others, ipc_clock_remaining(deadline(host)));
    if (ready == -ETIMEDOUT && host->drained > 0 && host->drained <= ipc_clock_now())
      return -ECANCELED;
    if (ready < 0)
      return ipc_host_tell(host, ready == -ETIMEDOUT ? IPC_STEP_RECEIVE : IPC_STEP_WAIT, ready);
    if (ready & IPC_EXTRA)
      ipc_host_look(host);
    if (ready & ~IPC_EXTRA)
      return host->stopped ? -ECANCELED : 0;
  }
  return -ECANCELED;
}

/// Who is always ready must not keep stops from being seen.
static int look_around(struct ipc_host *host) {
  if (++host->steps >= BUSY) {
    host->steps = 0;
    ipc_host_look(host);
    if (host->drained > 0 && host->drained <= ipc_clock_now())
      host->stopped = true;
  }
  return host->stopped ? -ECANCELED : 0;
}

/// What the client moved; more than it may is an error.
static int note(struct ipc_host *host) {
  uint64_t limit = host->serving->limits.bytes;
  host->active = ipc_clock_now();
  return limit > 0 && host->received + host->sent > limit ? ipc_host_tell(host, IPC_STEP_RECEIVE, -EFBIG) : 0;
}

static int send_all(struct ipc_host *host, const unsigned char *bytes, size_t length) {
  int error = 0;
  for (size_t sent = 0; error == 0 && sent < length;) {
    ssize_t count = ipc_link_send(host->link, bytes + sent, length - sent);
    if (count == -EAGAIN) {
      error = await(host, IPC_WRITABLE);
      continue;
    }
    ipc_host_tell(host, IPC_STEP_SEND, count);
    if (count < 0)
      return (int)count;
    sent += (size_t)count;
    host->sent += (uint64_t)count;
    error = note(host);
    if (error == 0)
      error = look_around(host);
  }
  return error;
}

static int print(struct ipc_host *host, size_t length) {
  char text[64 + IPC_VIS_GROWTH * IPC_LINE_MAX];
  int output = host->serving->output;
  ssize_t count = ipc_message_text(host->input, length, text, sizeof text);
  if (count >= 0)
    count = ipc_write(output, text, (size_t)count);
  ipc_observer_notify(host->observer, IPC_STEP_OUTPUT, output, count, NULL);
  return count < 0 ? ipc_failure_record(host->failure, IPC_STEP_OUTPUT, count, NULL) : 0;
}

/// Receives behind the input that was kept; `waits` until there is some.
static int receive_more(struct ipc_host *host, size_t *length, bool *ended, bool waits) {
  for (;;) {
    ssize_t count = ipc_link_receive(host->link, host->input + *length, IPC_BUFFER_SIZE - *length);
    if (count == -EAGAIN) {
      int error = waits ? await(host, IPC_READABLE) : 0;
      if (error < 0 || !waits)
        return error;
      continue;
    }
    ipc_host_tell(host, IPC_STEP_RECEIVE, count);
    if (count < 0)
      return (int)count;
    *length += (size_t)count;
    *ended = count == 0;
    host->received += (uint64_t)count;
    int error = count > 0 ? note(host) : 0;
    return error < 0 ? error : look_around(host);
  }
}

static int finish(struct ipc_host *host) {
  int error;
  while ((error = ipc_link_half_close(host->link)) == -EAGAIN)
    if ((error = await(host, IPC_WRITABLE)) < 0)
      return error;
  return error < 0 ? ipc_host_tell(host, IPC_STEP_HALF_CLOSE, error) : 0;
}

int ipc_talk(struct ipc_host *host) {
  bool ended = false;
  size_t length = 0;
  int error = 0;
  while (error == 0) {
    struct ipc_service_result turn;
    ipc_service_step(host->service, host->sent, host->input, length, ended, host->output, IPC_BUFFER_SIZE, &turn);
    if (turn.cut)
      ipc_host_tell(host, IPC_STEP_RECEIVE, -EMSGSIZE);
    if (turn.prints)
      error = print(host, turn.consumed);
    if (error == 0)
      error = send_all(host, turn.echoes ? host->input : host->output, turn.produced);
    if (error < 0)
      break;
    if (turn.next == IPC_NEXT_END)
      return finish(host);
    length -= turn.consumed;
    memmove(host->input, host->input + turn.consumed, length);
    if (!ended && (turn.next == IPC_NEXT_INPUT || host->service->kind == IPC_CHARGEN))
      error = receive_more(host, &length, &ended, turn.next == IPC_NEXT_INPUT);
  }
  return error;
}
