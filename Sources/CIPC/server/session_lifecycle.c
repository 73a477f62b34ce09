/* What a loop does with a session: it makes the session take a step, watches for what it waits for, and closes it. */
#include "loop.h"

#include <sys/epoll.h>

/// Whether a session ended as its service does: chargen goes on until its client leaves.
static bool is_normal_end(const struct ipc_loop *loop, int error) {
  return loop->shared.service->kind == IPC_CHARGEN && (error == -EPIPE || error == -ECONNRESET);
}

int ipc_session_lifecycle_close(struct ipc_loop *loop, uint32_t index, int error) {
  struct ipc_session *session = &loop->table.sessions[index];
  const struct ipc_observer *observer = loop->shared.observer;
  if (is_normal_end(loop, error))
    error = 0;
  bool is_stopped = error == -ECANCELED;
  bool stays_open = loop->options->keep_open && (error == 0 || loop->shared.failure->step != IPC_STEP_OUTPUT);
  bool goes_on = is_stopped || stays_open;
  bool notifies = observer && ((error < 0 && goes_on) || observer->steps & 1U << IPC_STEP_CLOSE);
  struct ipc_endpoint peer;
  if (notifies)
    ipc_session_peer(session, &loop->shared, &peer);
  /* A child between fork(2) and exec(3) has the socket too: then close(2) alone would leave it in the set, under our
   * index. */
  if (session->events != 0)
    epoll_ctl(loop->epoll, EPOLL_CTL_DEL, session->descriptor, NULL);
  if (error < 0 && session->family != AF_UNIX)
    ipc_stream_reset_on_close(session->descriptor);
  ipc_close(session->descriptor);
  if (notifies) {
    struct ipc_event event = {.step = IPC_STEP_CLOSE,
                              .descriptor = session->descriptor,
                              .endpoint = &peer,
                              .error = goes_on ? error : 0,
                              .failed = is_stopped ? IPC_STEP_STOP : loop->shared.failure->step,
                              .received = session->received,
                              .sent = session->sent,
                              .duration_ms = loop->now - session->since};
    observer->event(observer->context, &event);
  }
  loop->counters.failed += error < 0 && !is_stopped;
  loop->counters.received += session->received;
  loop->counters.sent += session->sent;
  ipc_session_table_remove(&loop->table, index);
  for (uint32_t i = 0; i < loop->listener_count; i++)
    if (loop->listeners[i].resume > 0) /* a descriptor is free again */
      loop->listeners[i].resume = loop->now;
  return goes_on ? 0 : error;
}

void ipc_session_lifecycle_stop(struct ipc_loop *loop, uint32_t index) {
  struct ipc_session *session = &loop->table.sessions[index];
  bool is_unfinished = ipc_session_is_unfinished(session, &loop->shared);
  if (session->phase == IPC_SESSION_LINGERING) /* unread bytes would be a reset at the close */
    ipc_session_step(session, &loop->shared, EPOLLIN);
  ipc_session_lifecycle_close(loop, index, is_unfinished ? -ECANCELED : 0);
}

void ipc_session_lifecycle_abort(struct ipc_loop *loop, uint32_t index) {
  const struct ipc_session *session = &loop->table.sessions[index];
  if (session->phase != IPC_SESSION_LINGERING && session->family == AF_UNIX) {
    shutdown(session->descriptor, SHUT_RDWR); /* no more bytes arrive; unread ones would be a reset at the close */
    while (ipc_receive(session->descriptor, loop->shared.input, IPC_BUFFER_SIZE) > 0)
      continue;
  } else if (session->phase != IPC_SESSION_LINGERING)
    ipc_stream_reset_on_close(session->descriptor);
  ipc_session_lifecycle_close(loop, index, 0);
}

static int watch(struct ipc_loop *loop, uint32_t index, uint32_t events) {
  struct ipc_session *session = &loop->table.sessions[index];
  if (session->phase ==
      IPC_SESSION_PRINTING) /* it waits for the output; its client's end would be reported on and on */
    events = 0;
  if (events == session->events)
    return 0;
  struct epoll_event event = {.events = events, .data.u64 = index};
  int change = events == 0 ? EPOLL_CTL_DEL : EPOLL_CTL_MOD;
  int operation = session->events == 0 ? EPOLL_CTL_ADD : change;
  session->events = events;
  int error;
  IPC_CALL(error, epoll_ctl(loop->epoll, operation, session->descriptor, &event));
  return error < 0 ? ipc_session_notify(session, &loop->shared, IPC_STEP_WAIT, error) : 0;
}

int ipc_session_lifecycle_step(struct ipc_loop *loop, uint32_t index, uint32_t ready) {
  struct ipc_session *session = &loop->table.sessions[index];
  uint64_t before = session->received + session->sent;
  int events = ipc_session_step(session, &loop->shared, ready);
  if (session->received + session->sent != before || ipc_session_group(session) != session->group)
    ipc_session_table_touch(&loop->table, index, loop->now);
  int error = events > 0 ? watch(loop, index, (uint32_t)events) : events;
  return events > 0 && error == 0 ? 0 : ipc_session_lifecycle_close(loop, index, error);
}
