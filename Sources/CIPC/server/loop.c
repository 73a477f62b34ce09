/* The loop: waits for all that may happen, and lets each session take its step. */
#include "loop.h"

#include <sys/epoll.h>

enum {
  EVENTS = 256,         ///< that one wait returns
  ACCEPTS = 64,         ///< in a row, before clients that are already here have their turn
  LAST_ACCEPTS = 65536, ///< at a stop: more than wait in a backlog, so that who keeps coming can't put it off
};

/// What epoll(7) returns for the listener. Sessions have tokens of 32 bits.
static const uint64_t LISTENER = UINT64_MAX;

/// Watches the listener only while a client would be taken, so that one that waits in the backlog does not spin the
/// loop.
static int watch_listener(struct ipc_loop *loop) {
  if (loop->resume > 0 && loop->resume <= loop->now)
    loop->resume = 0;
  bool listens = ipc_loop_has_place(loop) && loop->resume == 0;
  if (listens == loop->listens)
    return 0;
  struct epoll_event event = {.events = EPOLLIN | EPOLLEXCLUSIVE, .data.u64 = LISTENER};
  loop->listens = listens;
  int error;
  IPC_CALL(error, epoll_ctl(loop->epoll, listens ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, loop->server->descriptor, &event));
  return error;
}

/// Milliseconds to the next thing that happens by itself; -1 for none.
static int wait_ms(const struct ipc_loop *loop) {
  int64_t next = INT64_MAX;
  int idle = loop->serving->limits.idle_ms;
  if (idle > 0 && loop->busy.first != IPC_NONE)
    next = loop->sessions[loop->busy.first].active + idle;
  if (loop->lingering.first != IPC_NONE && loop->sessions[loop->lingering.first].active + IPC_LINGER_MS < next)
    next = loop->sessions[loop->lingering.first].active + IPC_LINGER_MS;
  if (loop->resume > 0 && loop->resume < next)
    next = loop->resume;
  if (loop->control.drain_deadline > 0 && loop->control.drain_deadline < next)
    next = loop->control.drain_deadline;
  return next == INT64_MAX ? -1 : next > loop->now ? (int)(next - loop->now) : 0;
}

/// A session that has moved no byte for too long, or none.
static uint32_t overdue(const struct ipc_loop *loop) {
  int idle = loop->serving->limits.idle_ms;
  uint32_t first = loop->busy.first;
  return idle > 0 && first != IPC_NONE && loop->sessions[first].active + idle <= loop->now ? first : IPC_NONE;
}

/// Ends those whose time is over: lingering is enough by then, idling is a failure. Before that a session takes a last
/// step: where the loop was busy with others, what has come may have had no turn yet.
static int expire(struct ipc_loop *loop) {
  int error = 0;
  uint32_t index;
  while (error == 0 && (index = loop->lingering.first) != IPC_NONE &&
         loop->sessions[index].active + IPC_LINGER_MS <= loop->now)
    error = ipc_loop_close(loop, index, 0);
  while (error == 0 && (index = overdue(loop)) != IPC_NONE) {
    error = ipc_loop_step(loop, index, loop->sessions[index].events);
    if (error == 0 && overdue(loop) == index)
      error = ipc_loop_close(loop, index, ipc_session_tell(loop, &loop->sessions[index], IPC_STEP_RECEIVE, -ETIMEDOUT));
  }
  return error;
}

static void close_all(struct ipc_loop *loop) {
  for (uint32_t i = 0; i < loop->used; i++)
    if (loop->sessions[i].descriptor >= 0)
      ipc_loop_close(loop, i, 0);
}

/// The first stop ends accepting; a second one, or one without time to drain, ends serving.
static int take_stop(struct ipc_loop *loop) {
  if (ipc_control_take_stop(&loop->control, loop->now) != IPC_CONTROL_DRAIN)
    return 0;
  /* Clients in the backlog are connected, and may have sent: the loop accepts them before the listener refuses others.
   * A lent listener refuses nobody: the next server accepts them. */
  int error = loop->server->lent ? 0 : ipc_loop_accept(loop, LAST_ACCEPTS);
  loop->accepts = false;
  int refuses;
  if (!loop->server->lent)
    IPC_CALL(refuses, shutdown(loop->server->descriptor, SHUT_RD));
  return error;
}

static void take_status_request(struct ipc_loop *loop) {
  if (!ipc_control_take_status_request(&loop->control))
    return;
  struct ipc_counters counters = loop->counters;
  counters.active = loop->count;
  for (uint32_t i = 0; i < loop->used; i++) {
    counters.received += loop->sessions[i].received; /* 0 where the place is free */
    counters.sent += loop->sessions[i].sent;
  }
  ipc_control_report(&loop->control, &counters);
}

static int take_event(struct ipc_loop *loop, const struct epoll_event *event) {
  if (event->data.u64 == LISTENER)
    return ipc_loop_accept(loop, ACCEPTS);
  if (event->data.u64 == IPC_CONTROL_STOP_TOKEN)
    return take_stop(loop);
  if (event->data.u64 == IPC_CONTROL_STATUS_TOKEN) {
    take_status_request(loop);
    return 0;
  }
  return ipc_loop_step(loop, (uint32_t)event->data.u64, event->events);
}

static int run(struct ipc_loop *loop) {
  struct epoll_event events[EVENTS];
  for (;;) {
    int error = watch_listener(loop), count = -1;
    if (error == 0 && (count = epoll_wait(loop->epoll, events, EVENTS, wait_ms(loop))) < 0 && errno != EINTR)
      error = (int)ipc_result(count);
    if (error < 0)
      return ipc_failure_record(loop->failure, IPC_STEP_WAIT, error, &loop->server->endpoint);
    loop->now = ipc_now_ms();
    for (int i = 0; i < count && error == 0; i++)
      error = take_event(loop, &events[i]);
    if (error == 0)
      error = expire(loop);
    if (error < 0 || (!loop->accepts && loop->count == 0) || ipc_control_is_over(&loop->control, loop->now))
      return error;
  }
}

int ipc_loop(struct ipc_loop *loop) {
  IPC_CALL(loop->epoll, epoll_create1(EPOLL_CLOEXEC));
  if (loop->epoll < 0)
    return ipc_failure_record(loop->failure, IPC_STEP_WAIT, loop->epoll, &loop->server->endpoint);
  int error = ipc_control_watch(&loop->control, loop->epoll);
  error = error < 0 ? ipc_failure_record(loop->failure, IPC_STEP_WAIT, error, &loop->server->endpoint) : run(loop);
  close_all(loop);
  ipc_close(loop->epoll);
  return error;
}
