/* The steps of a link: what all transports share, before and after the operations of pipe.c, queue.c and memory.c. */
#include "name_lock.h"

#include <stdlib.h>

static const struct ipc_link_ops *_Nullable find_ops(enum ipc_transport transport) {
  switch (transport) {
  case IPC_PIPE:
    return &ipc_pipe_ops;
  case IPC_QUEUE:
    return &ipc_queue_ops;
  case IPC_MEMORY:
    return &ipc_memory_ops;
  default:
    return NULL;
  }
}

static int create(const struct ipc_endpoint *endpoint, bool is_server, struct ipc_link **link) {
  const struct ipc_link_ops *ops = find_ops(endpoint->transport);
  int error = ops ? ipc_endpoint_check(endpoint) : -EAFNOSUPPORT;
  *link = error == 0 ? calloc(1, ops->size) : NULL;
  if (!*link)
    return error < 0 ? error : -ENOMEM;
  **link = (struct ipc_link){.ops = ops, .endpoint = *endpoint, .is_server = is_server, .rendezvous = -1, .watch = -1};
  ops->init(*link);
  return 0;
}

/// Closes and frees all that an end holds. A server's names were removed before, or never created.
static void destroy(struct ipc_link *link) {
  if (link->rendezvous >= 0)
    ipc_name_lock_release(link);
  link->ops->release(link);
  ipc_name_lock_drop(&link->watch);
  ipc_name_lock_drop(&link->rendezvous);
  free(link);
}

/// Reports the step. After an error, destroys the link.
static int end_opening(struct ipc_link **link, enum ipc_step step, int error, const struct ipc_endpoint *endpoint,
                       const struct ipc_observer *observer, struct ipc_failure *failure) {
  ipc_observer_notify(observer, step, *link ? (*link)->rendezvous : -1, error, endpoint);
  if (error == 0)
    return 0;
  ipc_failure_record(failure, step, error, endpoint);
  failure->holder = *link ? (*link)->holder : 0;
  if (*link)
    destroy(*link);
  *link = NULL;
  return error;
}

static struct ipc_link_sizes with_defaults(struct ipc_link_sizes sizes) {
  return (struct ipc_link_sizes){.message = sizes.message > 0 ? sizes.message : IPC_QUEUE_MESSAGE_DEFAULT,
                                 .depth = sizes.depth > 0 ? sizes.depth : IPC_QUEUE_DEPTH_DEFAULT,
                                 .ring = sizes.ring > 0 ? sizes.ring : IPC_RING_DEFAULT};
}

static int check_sizes(const struct ipc_link_sizes *sizes) {
  bool are_valid = sizes->message >= IPC_QUEUE_MESSAGE_MIN && sizes->message <= IPC_QUEUE_MESSAGE_MAX &&
                   sizes->depth <= IPC_QUEUE_DEPTH_MAX && ipc_ring_size(sizes->ring) >= 0;
  return are_valid ? 0 : -EINVAL;
}

int ipc_link_listen(const struct ipc_endpoint *endpoint, const struct ipc_link_sizes *sizes,
                    const struct ipc_observer *observer, struct ipc_link **link, struct ipc_failure *failure) {
  int error = create(endpoint, true, link);
  if (error == 0) {
    (*link)->sizes = with_defaults(*sizes);
    error = check_sizes(&(*link)->sizes);
  }
  if (error == 0)
    error = (*link)->ops->listen(*link);
  return end_opening(link, IPC_STEP_BIND, error, endpoint, observer, failure);
}

int ipc_link_accept(struct ipc_link *link, int extra, int timeout_ms) {
  link->peer = IPC_LINK_PEER_SENDS;
  link->half_closed = false;
  return link->ops->accept(link, extra, ipc_clock_end(timeout_ms));
}

int ipc_link_connect(const struct ipc_endpoint *endpoint, enum ipc_link_busy busy, int timeout_ms,
                     const struct ipc_observer *observer, struct ipc_link **link, struct ipc_failure *failure) {
  struct ipc_deadline deadline = ipc_clock_end(timeout_ms);
  int error = create(endpoint, false, link);
  if (error == 0)
    error = (*link)->ops->connect(*link, busy, deadline);
  return end_opening(link, IPC_STEP_CONNECT, error, endpoint, observer, failure);
}

int ipc_link_descriptor(const struct ipc_link *link) { return link->rendezvous; }

ssize_t ipc_link_receive(struct ipc_link *link, void *buffer, size_t size) {
  return link->peer == IPC_LINK_PEER_SENDS ? link->ops->receive(link, buffer, size) : 0;
}

ssize_t ipc_link_send(struct ipc_link *link, const void *bytes, size_t length) {
  if (link->half_closed || link->peer == IPC_LINK_PEER_CLOSED)
    return -EPIPE;
  return link->ops->send(link, bytes, length);
}

int ipc_link_wait(struct ipc_link *link, int events, int extra, int timeout_ms) {
  return link->ops->wait(link, events, extra, timeout_ms);
}

int ipc_link_half_close(struct ipc_link *link) { return link->half_closed ? 0 : link->ops->half_close(link); }

static int end_conversation(struct ipc_link *link, bool failed) {
  int error = link->ops->disconnect(link, failed);
  link->ticket = 0;
  link->half_closed = true;
  link->peer = IPC_LINK_PEER_CLOSED;
  return error;
}

int ipc_link_disconnect(struct ipc_link *link) { return end_conversation(link, false); }

int ipc_link_reset(struct ipc_link *link) { return end_conversation(link, true); }

int ipc_link_close(struct ipc_link *link) {
  int error = ipc_link_disconnect(link);
  if (link->is_server)
    link->ops->remove_names(link);
  destroy(link);
  return error;
}
