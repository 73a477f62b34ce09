/* A link's steps, for each transport its row's; and what the rows share: waiting, and ending. */
#include "link_internal.h"

#include <poll.h>
#include <stdlib.h>

struct ipc_link ipc_link_new(const struct ipc_endpoint *endpoint, bool serves) {
  return (struct ipc_link){.endpoint = *endpoint,
                           .serves = serves,
                           .lobby = -1,
                           .in = -1,
                           .out = -1,
                           .watch = -1,
                           .spare = -1,
                           .watched_in = -1,
                           .watched_out = -1};
}

void ipc_link_drop(int *descriptor) {
  if (*descriptor >= 0)
    ipc_close(*descriptor);
  *descriptor = -1;
}

bool ipc_link_lives(const struct ipc_link *link) {
  if (link->serves)
    return link->turn == 0 || ipc_hold_has_turn(link->lobby, link->turn);
  return ipc_hold_is_taken(link->lobby);
}

int ipc_link_slice(int64_t deadline) {
  int left = ipc_clock_remaining(deadline);
  return left < 0 || left > IPC_PEER_CHECK_MS ? IPC_PEER_CHECK_MS : left;
}

int ipc_link_pause(struct ipc_link *link, int readable, int extra, int64_t deadline) {
  struct pollfd set[] = {
      {.fd = readable, .events = POLLIN}, {.fd = link->watch, .events = POLLIN}, {.fd = extra, .events = POLLIN}};
  int ready, left = ipc_link_slice(deadline);
  IPC_CALL(ready, poll(set, 3, left));
  if (ready < 0)
    return ready;
  if (set[2].revents)
    return -ECANCELED;
  if (set[1].revents && !link->serves)
    ipc_hold_clear(link->watch);
  if (ready > 0)
    return 0;
  return left == 0 ? -ETIMEDOUT : ipc_fifo_look_again(link);
}

/// What the watch tells, a pipe's by hand among it; all else is looked for by who waits.
static void look(struct ipc_link *link) {
  if (link->endpoint.transport == IPC_PIPE)
    ipc_pipe_look(link);
  else
    ipc_hold_clear(link->watch);
}

int ipc_link_wait(struct ipc_link *link, int events, int extra, int timeout_ms) {
  if (extra < 0 && ipc_memory_talks(link)) {
    int come = ipc_memory_spin(link, events & (IPC_READABLE | IPC_WRITABLE));
    if (come != 0)
      return come;
  }
  int64_t deadline = timeout_ms < 0 ? -1 : ipc_clock_now() + timeout_ms;
  if (events & (IPC_READABLE | IPC_WRITABLE) && ipc_memory_talks(link))
    return ipc_memory_wait(link, events, extra, deadline);
  for (;;) {
    bool writes = events & IPC_WRITABLE && link->spare < 0; /* what nobody reads yet is not sent */
    bool attends = events & IPC_READABLE && ipc_pipe_needs_attention(link);
    struct pollfd set[] = {{.fd = events & IPC_READABLE ? link->in : -1, .events = POLLIN},
                           {.fd = writes || attends ? link->out : -1, .events = writes ? POLLOUT : 0},
                           {.fd = extra, .events = POLLIN},
                           {.fd = link->watch, .events = POLLIN}};
    int ready, left = link->held > 0 && events & IPC_READABLE ? 0 : ipc_link_slice(deadline);
    IPC_CALL(ready, poll(set, 4, left));
    if (ready < 0)
      return ready;
    int found = (set[0].revents || (link->held > 0 && events & IPC_READABLE) ? IPC_READABLE : 0) |
                (set[1].revents ? (writes ? IPC_WRITABLE : IPC_READABLE) : 0) | (set[2].revents ? IPC_EXTRA : 0);
    if (set[3].revents)
      look(link);
    if (found != 0)
      return found;
    if (!ipc_link_lives(link)) /* the next call will tell */
      return events;
    if (left == 0 && ready == 0)
      return -ETIMEDOUT;
    if (ready == 0 && (ready = ipc_fifo_look_again(link)) < 0)
      return ready;
  }
}

/* ---- The steps ------------------------------------------------------------------------------------------------- */

struct row {
  int (*listen)(struct ipc_link *link);
  int (*accept)(struct ipc_link *link, int extra, int64_t deadline);
  int (*connect)(struct ipc_link *link, bool waits, int64_t deadline);
  ssize_t (*receive)(struct ipc_link *link, void *buffer, size_t size);
  ssize_t (*send)(struct ipc_link *link, const void *bytes, size_t length);
  int (*finish)(struct ipc_link *link);
  int (*leave)(struct ipc_link *link);
  void (*remove)(struct ipc_link *link);
};

/// A value, and no table: that would be data to relocate, and the engine has none.
static inline struct row row(const struct ipc_link *link) {
  switch (link->endpoint.transport) {
  case IPC_PIPE:
    return (struct row){ipc_pipe_listen, ipc_pipe_accept, ipc_pipe_connect, ipc_pipe_receive,
                        ipc_pipe_send,   ipc_pipe_finish, ipc_pipe_leave,   ipc_pipe_remove};
  case IPC_QUEUE:
    return (struct row){ipc_queue_listen, ipc_queue_accept, ipc_queue_connect, ipc_queue_receive,
                        ipc_queue_send,   ipc_queue_finish, ipc_queue_leave,   ipc_queue_remove};
  default:
    return (struct row){ipc_memory_listen, ipc_memory_accept, ipc_memory_connect, ipc_memory_receive,
                        ipc_memory_send,   ipc_memory_finish, ipc_memory_leave,   ipc_memory_remove};
  }
}

/// Whether there is a row for the endpoint, and its name can be one.
static int check_endpoint(const struct ipc_endpoint *endpoint) {
  switch (endpoint->transport) {
  case IPC_PIPE:
  case IPC_QUEUE:
  case IPC_MEMORY:
    return ipc_endpoint_check(endpoint);
  default:
    return -EAFNOSUPPORT;
  }
}

/// Closes all that an end has; a server's names are gone by then, or were never made.
static void drop_all(struct ipc_link *link) {
  if (link->lobby >= 0)
    ipc_hold_release(link->lobby);
  if (link->lobby == link->in || link->lobby == link->out) /* a queue is its own lobby */
    link->lobby = -1;
  ipc_link_drop(&link->in);
  ipc_link_drop(&link->out);
  ipc_link_drop(&link->spare);
  ipc_link_drop(&link->watch);
  ipc_link_drop(&link->lobby);
  ipc_memory_drop(link);
  free(link->buffer);
  link->buffer = NULL;
}

/// Tells the step; where it failed, closes what was opened.
static int end_opening(struct ipc_link *link, enum ipc_step step, int error, const struct ipc_observer *observer,
                       struct ipc_failure *failure) {
  ipc_observer_notify(observer, step, link->lobby, error, &link->endpoint);
  if (error == 0)
    return 0;
  drop_all(link);
  ipc_failure_record(failure, step, error, &link->endpoint);
  failure->holder = link->holder;
  return error;
}

int ipc_link_listen(const struct ipc_endpoint *endpoint, const struct ipc_link_sizes *sizes,
                    const struct ipc_observer *observer, struct ipc_link *link, struct ipc_failure *failure) {
  *link = ipc_link_new(endpoint, true);
  link->sizes.message = sizes->message > 0 ? sizes->message : IPC_QUEUE_MESSAGE_DEFAULT;
  link->sizes.depth = sizes->depth > 0 ? sizes->depth : IPC_QUEUE_DEPTH_DEFAULT;
  link->sizes.ring = sizes->ring > 0 ? sizes->ring : IPC_RING_DEFAULT;
  int error = check_endpoint(endpoint);
  if (error == 0 && (link->sizes.message < IPC_QUEUE_MESSAGE_MIN || link->sizes.message > IPC_QUEUE_MESSAGE_MAX ||
                     link->sizes.depth > IPC_QUEUE_DEPTH_MAX || ipc_ring_size(link->sizes.ring) < 0))
    error = -EINVAL;
  if (error == 0)
    error = row(link).listen(link);
  return end_opening(link, IPC_STEP_BIND, error, observer, failure);
}

int ipc_link_accept(struct ipc_link *link, int extra, int timeout_ms) {
  int64_t deadline = timeout_ms < 0 ? -1 : ipc_clock_now() + timeout_ms;
  link->ended = link->half_closed = link->left = false;
  link->start = link->held = 0;
  return row(link).accept(link, extra, deadline);
}

int ipc_link_connect(const struct ipc_endpoint *endpoint, bool waits, int timeout_ms,
                     const struct ipc_observer *observer, struct ipc_link *link, struct ipc_failure *failure) {
  int64_t deadline = timeout_ms < 0 ? -1 : ipc_clock_now() + timeout_ms;
  *link = ipc_link_new(endpoint, false);
  int error = check_endpoint(endpoint);
  if (error == 0)
    error = row(link).connect(link, waits, deadline);
  return end_opening(link, IPC_STEP_CONNECT, error, observer, failure);
}

ssize_t ipc_link_receive(struct ipc_link *link, void *buffer, size_t size) {
  if (link->ended)
    return 0;
  return row(link).receive(link, buffer, size);
}

ssize_t ipc_link_send(struct ipc_link *link, const void *bytes, size_t length) {
  if (link->half_closed || link->left)
    return -EPIPE;
  return row(link).send(link, bytes, length);
}

int ipc_link_half_close(struct ipc_link *link) {
  if (link->half_closed)
    return 0;
  return row(link).finish(link);
}

int ipc_link_disconnect(struct ipc_link *link) {
  int error = row(link).leave(link);
  link->turn = 0;
  link->half_closed = link->ended = true;
  return error;
}

int ipc_link_close(struct ipc_link *link) {
  int error = ipc_link_disconnect(link);
  if (link->serves && link->lobby >= 0)
    row(link).remove(link);
  drop_all(link);
  return error;
}
