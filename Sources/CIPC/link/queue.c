/* A pair of POSIX message queues, one for each direction; the one that the server receives from is the rendezvous. */
#include "queue.h"

#include <stdlib.h>

static void ipc_queue_init(struct ipc_link *link) {
  struct ipc_queue *queue = ipc_queue_of(link);
  queue->in = queue->out = -1;
}

/* ---- The server ------------------------------------------------------------------------------------------------ */

static int ipc_queue_listen(struct ipc_link *link) {
  struct ipc_queue *queue = ipc_queue_of(link);
  struct ipc_queue_name in = ipc_queue_messages_name(queue, ".in"), out = ipc_queue_messages_name(queue, ".out");
  int error = ipc_queue_messages_allocate(queue);
  if (error == 0)
    error = ipc_queue_messages_claim_name(queue);
  if (error < 0)
    return error;
  error = ipc_queue_messages_remove(queue, out.text);
  if (error == 0 && (queue->out = ipc_queue_messages_create(queue, out.text)) < 0)
    error = queue->out;
  if (error == 0) {
    ipc_name_lock_watch(link);
    return 0;
  }
  ipc_queue_messages_unlink(in.text);
  return error;
}

/// Finds the next living client that says hello. Other messages are of clients that are gone, and are dropped; at most
/// as many as fit into the queue, so that a fast sender can't keep the server here. Errors: EAGAIN (there is no
/// client).
static int find_client(struct ipc_queue *queue) {
  struct ipc_link *link = &queue->link;
  struct ipc_message_head head;
  int kind = 0;
  link->ticket = queue->next_ticket;
  queue->next_ticket = 0;
  for (uint32_t i = 0; i < link->sizes.depth && !ipc_name_lock_has_client(link, link->ticket); i++) {
    kind = ipc_queue_messages_receive(queue, &head);
    link->ticket = kind == IPC_MESSAGE_HELLO ? head.ticket : 0;
    if (kind < 0 && kind != -EBADMSG)
      return kind;
  }
  if (ipc_name_lock_has_client(link, link->ticket))
    return 0;
  link->ticket = 0;
  return -EAGAIN;
}

static int ipc_queue_accept(struct ipc_link *link, int extra, struct ipc_deadline deadline) {
  struct ipc_queue *queue = ipc_queue_of(link);
  for (;;) {
    int error = find_client(queue);
    queue->rest = 0;
    if (error == 0) {
      ipc_queue_messages_discard(queue, queue->out); /* they were for clients that are gone */
      error = ipc_queue_messages_send(queue, IPC_MESSAGE_WELCOME, NULL, 0);
    }
    if (error != -EAGAIN)
      return error;
    queue->next_ticket = link->ticket;
    ipc_name_lock_drain(link);
    error = ipc_name_lock_wait_for_change(link, queue->in, extra, deadline);
    if (error < 0)
      return error;
  }
}

static void ipc_queue_remove_names(struct ipc_link *link) {
  struct ipc_queue *queue = ipc_queue_of(link);
  if (!ipc_name_lock_has_name(link))
    return;
  ipc_queue_messages_unlink(ipc_queue_messages_name(queue, ".out").text);
  ipc_queue_messages_unlink(
      ipc_queue_messages_name(queue, ".in").text); /* last: its lock is what makes the names ours */
}

/* ---- The client ------------------------------------------------------------------------------------------------ */

/// Sends a hello. The queue may be full of a former client's messages until the server drops them.
static int send_hello(struct ipc_queue *queue, struct ipc_deadline deadline) {
  int error;
  while ((error = ipc_queue_messages_send(queue, IPC_MESSAGE_HELLO, NULL, 0)) == -EAGAIN) {
    if (!ipc_name_lock_is_open(&queue->link))
      return -ECONNREFUSED;
    error = ipc_name_lock_wait_for_change(&queue->link, -1, -1, deadline);
    if (error < 0)
      return error;
    error = ipc_wait(queue->out, IPC_WRITABLE, -1, IPC_PEER_CHECK_MS);
    if (error < 0 && error != -ETIMEDOUT)
      return error;
  }
  return error;
}

/// Waits for the welcome. Other messages are for clients that are gone, and are dropped.
static int await_welcome(struct ipc_queue *queue, struct ipc_deadline deadline) {
  struct ipc_message_head head;
  for (;;) {
    bool is_open = ipc_name_lock_is_open(&queue->link); /* first: a server may give up its name right after it */
    int error, kind = ipc_queue_messages_receive(queue, &head);
    if (kind == IPC_MESSAGE_WELCOME && head.ticket == queue->link.ticket)
      return 0;
    if (kind < 0 && kind != -EAGAIN)
      return kind;
    if (kind > 0)
      continue;
    error = is_open ? ipc_name_lock_wait_for_change(&queue->link, queue->in, -1, deadline) : -ECONNREFUSED;
    if (error < 0)
      return error;
  }
}

static int ipc_queue_connect(struct ipc_link *link, enum ipc_link_busy busy, struct ipc_deadline deadline) {
  struct ipc_queue *queue = ipc_queue_of(link);
  int error = ipc_queue_messages_find(queue);
  if (error < 0)
    return error;
  ipc_name_lock_watch(link);
  error = ipc_name_lock_acquire_client(link, busy, deadline);
  if (error == 0)
    error = send_hello(queue, deadline);
  return error < 0 ? error : await_welcome(queue, deadline);
}

/* ---- Both ------------------------------------------------------------------------------------------------------ */

/// Handles a message that is not data of this conversation; returns 0 at the peer's end.
static int receive_control(struct ipc_queue *queue, const struct ipc_message_head *head) {
  struct ipc_link *link = &queue->link;
  queue->rest = 0;
  if (head->ticket != link->ticket) { /* the next client's hello comes only after this client has gone */
    if (!link->is_server || head->kind != IPC_MESSAGE_HELLO || ipc_name_lock_has_client(link, link->ticket))
      return -EBADMSG;
    queue->next_ticket = head->ticket;
    return -EOWNERDEAD;
  }
  if (head->kind < IPC_MESSAGE_ENDED)
    return -EBADMSG;
  link->peer = head->kind == IPC_MESSAGE_ENDED ? IPC_LINK_PEER_ENDED : IPC_LINK_PEER_CLOSED;
  return head->kind == IPC_MESSAGE_RESET ? -ECONNRESET : 0;
}

static ssize_t ipc_queue_receive(struct ipc_link *link, void *buffer, size_t size) {
  struct ipc_queue *queue = ipc_queue_of(link);
  if (queue->rest == 0) {
    struct ipc_message_head head;
    int kind = ipc_queue_messages_receive(queue, &head);
    if (kind == -EAGAIN && ipc_name_lock_peer_is_alive(link))
      return kind;
    if (kind == -EAGAIN) /* a message that the peer sent before it died may have come meanwhile */
      kind = ipc_queue_messages_receive(queue, &head);
    if (kind < 0)
      return kind == -EAGAIN ? -EOWNERDEAD : kind;
    if (kind != IPC_MESSAGE_DATA || head.ticket != link->ticket)
      return receive_control(queue, &head);
  }
  size_t count = queue->rest < size ? queue->rest : size;
  memcpy(buffer, queue->buffer + queue->offset, count);
  queue->offset += count;
  queue->rest -= count;
  return (ssize_t)count;
}

static ssize_t ipc_queue_send(struct ipc_link *link, const void *bytes, size_t length) {
  struct ipc_queue *queue = ipc_queue_of(link);
  size_t room = link->sizes.message - IPC_QUEUE_HEAD, count = length < room ? length : room;
  if (!link->is_server && link->peer == IPC_LINK_PEER_ENDED && ipc_queue_messages_has_closed(queue)) {
    link->peer = IPC_LINK_PEER_CLOSED; /* the server would drop the message, or has ended */
    return -EPIPE;
  }
  int error = ipc_queue_messages_send(queue, IPC_MESSAGE_DATA, bytes, count);
  if (error != -EAGAIN || ipc_name_lock_peer_is_alive(link))
    return error < 0 ? error : (ssize_t)count;
  return !link->is_server || ipc_queue_messages_has_closed(queue) ? -EPIPE : -EOWNERDEAD;
}

static int ipc_queue_half_close(struct ipc_link *link) {
  int error = ipc_queue_messages_send(ipc_queue_of(link), IPC_MESSAGE_ENDED, NULL, 0);
  if (error == -EAGAIN && !ipc_name_lock_peer_is_alive(link))
    error = 0; /* no process receives it */
  link->half_closed = error == 0;
  return error;
}

/// The last message also shows the client that its server does not receive any more.
static int ipc_queue_disconnect(struct ipc_link *link, bool failed) {
  struct ipc_queue *queue = ipc_queue_of(link);
  struct ipc_deadline deadline = ipc_clock_end(IPC_LINGER_MS);
  enum ipc_message_kind last = failed ? IPC_MESSAGE_RESET : IPC_MESSAGE_CLOSED;
  bool is_done = link->is_server ? link->peer == IPC_LINK_PEER_CLOSED : link->peer != IPC_LINK_PEER_SENDS;
  int error = 0;
  queue->rest = 0;
  if (link->ticket == 0 || is_done)
    return 0;
  while ((error = ipc_queue_messages_send(queue, last, NULL, 0)) == -EAGAIN && ipc_name_lock_peer_is_alive(link) &&
         ipc_clock_remaining(deadline) > 0)
    ipc_wait(queue->out, IPC_WRITABLE, -1, IPC_PEER_CHECK_MS);
  if (error == -EAGAIN && link->is_server && !link->half_closed) {
    ipc_queue_messages_discard(queue, queue->out); /* the client does not receive: show it that bytes are missing */
    error = ipc_queue_messages_send(queue, IPC_MESSAGE_RESET, NULL, 0);
  }
  return error == -EAGAIN ? 0 : error;
}

static int ipc_queue_wait(struct ipc_link *link, int events, int extra, int timeout_ms) {
  const struct ipc_queue *queue = ipc_queue_of(link);
  struct ipc_name_lock_poll request = {.events = events,
                                       .ready = queue->rest > 0 ? events & IPC_READABLE : 0,
                                       .in = events & IPC_READABLE ? queue->in : -1,
                                       .out = events & IPC_WRITABLE ? queue->out : -1,
                                       .out_event = IPC_WRITABLE,
                                       .extra = extra};
  return ipc_name_lock_wait(link, &request, ipc_clock_end(timeout_ms));
}

static void ipc_queue_release(struct ipc_link *link) {
  struct ipc_queue *queue = ipc_queue_of(link);
  link->rendezvous = -1; /* one of the two */
  ipc_name_lock_drop(&queue->in);
  ipc_name_lock_drop(&queue->out);
  free(queue->buffer);
}

const struct ipc_link_ops ipc_queue_ops = {.size = sizeof(struct ipc_queue),
                                           .init = ipc_queue_init,
                                           .listen = ipc_queue_listen,
                                           .accept = ipc_queue_accept,
                                           .connect = ipc_queue_connect,
                                           .receive = ipc_queue_receive,
                                           .send = ipc_queue_send,
                                           .half_close = ipc_queue_half_close,
                                           .disconnect = ipc_queue_disconnect,
                                           .wait = ipc_queue_wait,
                                           .remove_names = ipc_queue_remove_names,
                                           .release = ipc_queue_release};
