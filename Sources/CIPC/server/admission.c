/* Accepting clients, within the server's limits. */
#include "../socket/socket.h"
#include "loop.h"

#include <sys/epoll.h>

static int watch(struct ipc_loop *loop, uint32_t index) {
  struct ipc_listener *listener = &loop->listeners[index];
  if (listener->resume <= loop->now)
    listener->resume = 0;
  bool watches = ipc_admission_can_accept(loop) && listener->resume == 0;
  if (watches == listener->is_watching)
    return 0;
  struct epoll_event event = {.events = EPOLLIN | EPOLLEXCLUSIVE, .data.u64 = IPC_LISTENER_TOKEN + index};
  listener->is_watching = watches;
  int operation = watches ? EPOLL_CTL_ADD : EPOLL_CTL_DEL;
  int error;
  IPC_CALL(error, epoll_ctl(loop->epoll, operation, loop->shared.servers[index].descriptor, &event));
  return error;
}

int ipc_admission_watch(struct ipc_loop *loop) {
  int error = 0;
  for (uint32_t i = 0; i < loop->listener_count && error == 0; i++)
    error = watch(loop, (loop->next_listener + i) % loop->listener_count);
  return error;
}

/// Resets a client that the server does not serve.
static void refuse(struct ipc_loop *loop, uint32_t index, int error) {
  const struct ipc_session *session = &loop->table.sessions[index];
  ipc_session_notify(session, &loop->shared, IPC_STEP_ACCEPT, error);
  ipc_stream_reset_on_close(session->descriptor);
  ipc_close(session->descriptor);
  ipc_session_table_remove(&loop->table, index);
  loop->counters.refused++;
}

static int admit(struct ipc_loop *loop, uint32_t listener, int descriptor, const struct sockaddr_storage *address) {
  uint32_t index = ipc_session_table_add(&loop->table, descriptor, address, loop->now);
  struct ipc_session *session = &loop->table.sessions[index];
  session->listener = (uint8_t)listener;
  loop->next_listener = listener + 1; /* another one first, once there is room for one more client */
  if (ipc_session_table_count_address(&loop->table, index) > loop->options->limits.clients_per_address) {
    refuse(loop, index, -EUSERS);
    return 0;
  }
  ipc_adopt_prepare_client(&loop->shared.servers[listener], descriptor);
  loop->counters.accepted++;
  ipc_session_notify(session, &loop->shared, IPC_STEP_ACCEPT, 0);
  if (!loop->options->keep_open)
    loop->accepts = false;
  return ipc_session_lifecycle_step(loop, index, 0);
}

int ipc_admission_take(struct ipc_loop *loop) {
  const struct ipc_server *server = &loop->shared.servers[0];
  struct sockaddr_storage address;
  socklen_t length;
  int client = ipc_session_table_grow(&loop->table);
  if (client == 0)
    client = ipc_adopt_client(server, &address, &length);
  loop->accepts = false;
  if (client >= 0)
    return admit(loop, 0, client, &address);
  ipc_observer_notify(loop->shared.observer, IPC_STEP_ACCEPT, server->descriptor, client, &server->endpoint);
  return ipc_failure_record(loop->shared.failure, IPC_STEP_ACCEPT, client, &server->endpoint);
}

static bool is_shortage(int error) {
  return error == -EMFILE || error == -ENFILE || error == -ENOBUFS || error == -ENOMEM;
}

/// Returns whether the listener can't work any more. Any other error may pass: the kernel also reports those of a
/// client's network or of a firewall (accept(2)).
static bool is_fatal(int error) {
  return error == -EBADF || error == -EFAULT || error == -EINVAL || error == -ENOTSOCK;
}

/// Marks an error as reported; returns whether it already was.
static bool was_reported(struct ipc_listener *listener, int error) {
  uint64_t *word = &listener->reported[(size_t)-error / 64 % IPC_ERROR_WORDS];
  uint64_t bit = (uint64_t)1 << -error % 64;
  bool was = *word & bit;
  *word |= bit;
  return was;
}

/// Reports an error of accepting, once for each kind until the backlog is empty. Pauses all listeners after a shortage,
/// and this one after an error that repeats. Returns an error that ends serving.
static int take_error(struct ipc_loop *loop, uint32_t listener, int error) {
  const struct ipc_server *server = &loop->shared.servers[listener];
  bool repeats = was_reported(&loop->listeners[listener], error);
  if (!repeats)
    ipc_observer_notify(loop->shared.observer, IPC_STEP_ACCEPT, server->descriptor, error, &server->endpoint);
  if (is_fatal(error))
    return ipc_failure_record(loop->shared.failure, IPC_STEP_ACCEPT, error, &server->endpoint);
  for (uint32_t i = 0; i < loop->listener_count; i++)
    if (is_shortage(error) || (repeats && i == listener))
      loop->listeners[i].resume = loop->now + IPC_ACCEPT_PAUSE_MS;
  return 0;
}

int ipc_admission_accept(struct ipc_loop *loop, uint32_t listener, int limit) {
  struct ipc_listener *own = &loop->listeners[listener];
  for (int i = 0; i < limit && ipc_admission_can_accept(loop); i++) {
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    int descriptor = ipc_session_table_grow(&loop->table);
    if (descriptor == 0)
      descriptor = ipc_server_accept_client(loop->shared.servers[listener].descriptor, &address, &length);
    if (descriptor == -EAGAIN) {
      memset(own->reported, 0, sizeof own->reported); /* the backlog is empty: later errors are new ones */
      return 0;
    }
    int error = descriptor < 0 ? take_error(loop, listener, descriptor) : admit(loop, listener, descriptor, &address);
    if (error < 0 || (descriptor < 0 && own->resume > 0))
      return error;
  }
  return 0;
}

void ipc_admission_refuse(struct ipc_loop *loop, uint32_t listener) {
  const struct ipc_server *server = &loop->shared.servers[listener];
  for (int i = 0; i < IPC_LAST_ACCEPTS && server->endpoint.transport == IPC_TCP; i++) {
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    int descriptor = ipc_session_table_grow(&loop->table);
    if (descriptor == 0)
      descriptor = ipc_server_accept_client(server->descriptor, &address, &length);
    if (descriptor < 0) /* the backlog is empty, or the kernel resets what is left */
      return;
    refuse(loop, ipc_session_table_add(&loop->table, descriptor, &address, loop->now), -ECANCELED);
  }
}
