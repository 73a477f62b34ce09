/* Clients come, take their steps, and go. */
#include "../socket/socket.h"
#include "loop.h"

#include <sys/epoll.h>

/// The end that chargen waits for.
static bool is_leaving(const struct ipc_loop *loop, int error) {
  return loop->service->kind == IPC_CHARGEN && (error == -EPIPE || error == -ECONNRESET);
}

int ipc_loop_close(struct ipc_loop *loop, uint32_t index, int error) {
  struct ipc_session *session = &loop->sessions[index];
  if (is_leaving(loop, error))
    error = 0;
  bool goes_on = loop->serving->keep_open && (error == 0 || loop->failure->step != IPC_STEP_OUTPUT);
  bool told = loop->observer && ((error < 0 && goes_on) || loop->observer->steps & 1U << IPC_STEP_CLOSE);
  struct ipc_endpoint peer;
  if (told)
    ipc_session_peer(loop, session, &peer);
  /* A child between fork(2) and exec(3) holds the socket too: closing alone would leave it in the set, under our index.
   */
  if (session->events != 0)
    epoll_ctl(loop->epoll, EPOLL_CTL_DEL, session->descriptor, NULL);
  ipc_close(session->descriptor);
  if (told) {
    struct ipc_event event = {.step = IPC_STEP_CLOSE,
                              .descriptor = session->descriptor,
                              .endpoint = &peer,
                              .error = goes_on ? error : 0,
                              .failed = loop->failure->step,
                              .received = session->received,
                              .sent = session->sent,
                              .duration_ms = loop->now - session->since};
    loop->observer->event(loop->observer->context, &event);
  }
  loop->counters.failed += error < 0;
  loop->counters.received += session->received;
  loop->counters.sent += session->sent;
  ipc_table_remove(loop, index);
  if (loop->resume > 0) /* there is a descriptor again */
    loop->resume = loop->now;
  return goes_on ? 0 : error;
}

static int watch(struct ipc_loop *loop, uint32_t index, uint32_t events) {
  struct ipc_session *session = &loop->sessions[index];
  if (events == session->events)
    return 0;
  struct epoll_event event = {.events = events, .data.u64 = index};
  int operation = session->events == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
  session->events = events;
  int error;
  IPC_CALL(error, epoll_ctl(loop->epoll, operation, session->descriptor, &event));
  return error;
}

int ipc_loop_step(struct ipc_loop *loop, uint32_t index, uint32_t ready) {
  struct ipc_session *session = &loop->sessions[index];
  uint64_t moved = session->received + session->sent, limit = loop->serving->limits.bytes;
  bool lingered = session->lingers;
  int events = ipc_session_step(loop, session, ready);
  if (events > 0 && limit > 0 && session->received + session->sent > limit)
    events = ipc_session_tell(loop, session, IPC_STEP_RECEIVE, -EFBIG);
  if (session->lingers != lingered || (!lingered && session->received + session->sent != moved))
    ipc_table_touch(loop, index, lingered);
  if (events > 0) {
    int error = watch(loop, index, (uint32_t)events);
    events = error < 0 ? ipc_session_tell(loop, session, IPC_STEP_WAIT, error) : events;
  }
  return events > 0 ? 0 : ipc_loop_close(loop, index, events);
}

/* ---- Clients --------------------------------------------------------------------------------------------------- */

static int admit(struct ipc_loop *loop, int descriptor, const struct sockaddr_storage *address) {
  uint32_t index = ipc_table_add(loop, descriptor, address);
  struct ipc_session *session = &loop->sessions[index];
  if (ipc_table_neighbours(loop, index) > loop->serving->limits.clients_per_address) {
    ipc_session_tell(loop, session, IPC_STEP_ACCEPT, -EUSERS);
    ipc_close(descriptor);
    ipc_table_remove(loop, index);
    loop->counters.refused++;
    return 0;
  }
  loop->counters.accepted++;
  ipc_session_tell(loop, session, IPC_STEP_ACCEPT, 0);
  if (!loop->serving->keep_open)
    loop->accepts = false;
  return ipc_loop_step(loop, index, 0);
}

bool ipc_loop_has_place(const struct ipc_loop *loop) {
  return loop->accepts && (loop->serving->limits.clients == 0 || loop->count < (uint32_t)loop->serving->limits.clients);
}

static bool is_shortage(int error) {
  return error == -EMFILE || error == -ENFILE || error == -ENOBUFS || error == -ENOMEM;
}

int ipc_loop_accept(struct ipc_loop *loop, int limit) {
  int error = 0;
  for (int i = 0; i < limit && error == 0 && ipc_loop_has_place(loop); i++) {
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    int descriptor = ipc_table_grow(loop);
    if (descriptor == 0)
      descriptor = ipc_server_accept_client(loop->server->descriptor, &address, &length);
    if (descriptor >= 0) {
      error = admit(loop, descriptor, &address);
      continue;
    }
    if (descriptor == -EAGAIN) {
      loop->shortage = 0; /* nobody waits any more: the next one is another one, and told again */
      return 0;
    }
    if (descriptor != loop->shortage)
      ipc_observer_notify(loop->observer, IPC_STEP_ACCEPT, loop->server->descriptor, descriptor,
                          &loop->server->endpoint);
    if (!loop->serving->keep_open || !is_shortage(descriptor))
      return ipc_failure_record(loop->failure, IPC_STEP_ACCEPT, descriptor, &loop->server->endpoint);
    loop->shortage = descriptor;
    loop->resume = loop->now + IPC_ACCEPT_PAUSE_MS;
    return 0;
  }
  return error;
}
