/* Accepting clients, within the server's limits. */
#include "../socket/socket.h"
#include "loop.h"

static int admit(struct ipc_loop *loop, int descriptor, const struct sockaddr_storage *address) {
  uint32_t index = ipc_session_table_add(&loop->table, descriptor, address, loop->now);
  const struct ipc_session *session = &loop->table.sessions[index];
  if (ipc_session_table_count_address(&loop->table, index) > loop->options->limits.clients_per_address) {
    ipc_session_notify(session, &loop->shared, IPC_STEP_ACCEPT, -EUSERS);
    ipc_close(descriptor);
    ipc_session_table_remove(&loop->table, index);
    loop->counters.refused++;
    return 0;
  }
  loop->counters.accepted++;
  ipc_session_notify(session, &loop->shared, IPC_STEP_ACCEPT, 0);
  if (!loop->options->keep_open)
    loop->accepts = false;
  return ipc_session_lifecycle_step(loop, index, 0);
}

static bool is_shortage(int error) {
  return error == -EMFILE || error == -ENFILE || error == -ENOBUFS || error == -ENOMEM;
}

/// Pauses accepting after a shortage, which the observer gets once. Returns an error that ends serving.
static int pause_accepting(struct ipc_loop *loop, int error) {
  const struct ipc_server *server = loop->server;
  if (error != loop->shortage)
    ipc_observer_notify(loop->shared.observer, IPC_STEP_ACCEPT, server->descriptor, error, &server->endpoint);
  if (!loop->options->keep_open || !is_shortage(error))
    return ipc_failure_record(loop->shared.failure, IPC_STEP_ACCEPT, error, &server->endpoint);
  loop->shortage = error;
  loop->resume = loop->now + IPC_ACCEPT_PAUSE_MS;
  return 0;
}

int ipc_admission_accept(struct ipc_loop *loop, int limit) {
  for (int i = 0; i < limit && ipc_admission_can_accept(loop); i++) {
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    int descriptor = ipc_session_table_grow(&loop->table);
    if (descriptor == 0)
      descriptor = ipc_server_accept_client(loop->server->descriptor, &address, &length);
    if (descriptor == -EAGAIN) {
      loop->shortage = 0; /* the backlog is empty: a later shortage is a new one */
      return 0;
    }
    if (descriptor < 0)
      return pause_accepting(loop, descriptor);
    int error = admit(loop, descriptor, &address);
    if (error < 0)
      return error;
  }
  return 0;
}
