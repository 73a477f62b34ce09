/* A queue: two POSIX message queues, of which the server's is the lobby. */
#include "link_internal.h"

#include <fcntl.h>
#include <mqueue.h>

/* ---- The server ------------------------------------------------------------------------------------------------ */

/// Makes the lobby and holds it. One that is left over is replaced, by a server that held it: of two that find it, the
/// other one sees that it lost its name, and begins again.
static int open_lobby(struct ipc_link *link) {
  struct ipc_post_name in = ipc_post_name(link, ".in"), out = ipc_post_name(link, ".out");
  for (;;) {
    int made = ipc_post_make(link, in.text);
    link->in = made == -EEXIST ? ipc_post_open(in.text, O_RDWR, false) : made;
    if (made == -EEXIST && link->in == -ENOENT)
      continue;
    if (link->in < 0)
      return link->in;
    link->lobby = link->in;
    int error = ipc_hold_take(link->in, &link->holder);
    bool holds = error == 0 && ipc_hold_has_name(link->in);
    if (holds && made >= 0)
      return 0;
    if (holds)
      error = ipc_post_remove(out.text);
    if (holds && error == 0)
      error = ipc_post_remove(in.text);
    ipc_link_drop(&link->in);
    link->lobby = -1;
    if (error < 0)
      return error;
  }
}

int ipc_queue_listen(struct ipc_link *link) {
  struct ipc_post_name in = ipc_post_name(link, ".in"), out = ipc_post_name(link, ".out");
  int error = ipc_post_buffer(link);
  if (error == 0)
    error = open_lobby(link);
  if (error < 0)
    return error;
  error = ipc_post_remove(out.text);
  if (error == 0 && (link->out = ipc_post_make(link, out.text)) < 0)
    error = link->out;
  if (error == 0 && (link->watch = ipc_hold_watch(link->lobby)) < 0)
    error = link->watch;
  if (error < 0)
    mq_unlink(in.text);
  if (error < 0 && link->out >= 0)
    mq_unlink(out.text);
  return error;
}

/// The turn of the next client that says hello and lives, or 0; what else stands in the queue is of clients that are
/// gone. It takes what stands there, and no more, however fast somebody fills it.
static uint64_t next_hello(struct ipc_link *link) {
  struct ipc_message_head head;
  uint64_t turn = link->next;
  link->next = 0;
  for (uint32_t i = 0; i < link->sizes.depth && !ipc_hold_has_turn(link->lobby, turn); i++) {
    int kind = ipc_post_receive(link, &head);
    if (kind < 0 && kind != -EBADMSG)
      return 0;
    turn = kind == IPC_MESSAGE_HELLO ? head.ticket : 0;
  }
  return ipc_hold_has_turn(link->lobby, turn) ? turn : 0;
}

int ipc_queue_accept(struct ipc_link *link, int extra, int64_t deadline) {
  for (;;) {
    int error = -EAGAIN;
    link->turn = next_hello(link);
    link->start = link->held = 0;
    if (link->turn > 0) { /* what still stands in the other queue was meant for clients that are gone */
      ipc_post_empty(link->out, link);
      error = ipc_post_send(link, IPC_MESSAGE_WELCOME, NULL, 0);
    }
    if (error != -EAGAIN)
      return error;
    link->next = link->turn;
    ipc_hold_clear(link->watch);
    if ((error = ipc_link_pause(link, link->in, extra, deadline)) < 0)
      return error;
  }
}

void ipc_queue_remove(struct ipc_link *link) {
  if (!ipc_hold_has_name(link->lobby))
    return;
  mq_unlink(ipc_post_name(link, ".out").text);
  mq_unlink(ipc_post_name(link, ".in").text); /* the lobby last: who holds it owns the names */
}

/* ---- The client ------------------------------------------------------------------------------------------------ */

static int find_queues(struct ipc_link *link) {
  struct mq_attr in, out;
  int error;
  if ((link->out = ipc_post_open(ipc_post_name(link, ".in").text, O_RDWR, true)) < 0)
    return link->out;
  link->lobby = link->out;
  if (!ipc_hold_is_taken(link->lobby))
    return -ECONNREFUSED;
  if ((link->in = ipc_post_open(ipc_post_name(link, ".out").text, O_RDONLY, true)) < 0)
    return link->in == -ENOENT ? -ECONNREFUSED : link->in; /* a server that is about to make it */
  IPC_CALL(error, mq_getattr(link->in, &in));
  if (error == 0)
    IPC_CALL(error, mq_getattr(link->out, &out));
  if (error < 0)
    return error;
  if (in.mq_msgsize != out.mq_msgsize || in.mq_msgsize < IPC_QUEUE_MESSAGE_MIN || in.mq_msgsize > IPC_QUEUE_MESSAGE_MAX)
    return -IPC_EKIND;
  link->sizes = (struct ipc_link_sizes){.message = (uint32_t)in.mq_msgsize, .depth = (uint32_t)in.mq_maxmsg};
  return ipc_post_buffer(link);
}

/// Waits for the welcome; what comes before it was meant for clients that are gone.
static int await_welcome(struct ipc_link *link, int64_t deadline) {
  struct ipc_message_head head;
  for (;;) {
    int error, kind = ipc_post_receive(link, &head);
    if (kind == IPC_MESSAGE_WELCOME && head.ticket == link->turn)
      return 0;
    if (kind < 0 && kind != -EAGAIN)
      return kind;
    if (kind > 0)
      continue;
    if (!ipc_hold_is_taken(link->lobby))
      return -ECONNREFUSED;
    if ((error = ipc_link_pause(link, link->in, -1, deadline)) < 0)
      return error;
  }
}

int ipc_queue_connect(struct ipc_link *link, bool waits, int64_t deadline) {
  int error = find_queues(link);
  if (error < 0)
    return error;
  link->watch = ipc_hold_watch(link->lobby); /* without one, it is looked every IPC_PEER_CHECK_MS */
  error = ipc_hold_turn(link, waits, deadline);
  while (error == 0 && (error = ipc_post_send(link, IPC_MESSAGE_HELLO, NULL, 0)) == -EAGAIN) {
    error = ipc_hold_is_taken(link->lobby) ? ipc_link_pause(link, -1, -1, deadline) : -ECONNREFUSED;
    if (error == 0) /* full of what a client that is gone has sent, until the server takes it */
      error = ipc_wait(link->out, IPC_WRITABLE, -1, IPC_PEER_CHECK_MS);
    error = error == -ETIMEDOUT || error > 0 ? 0 : error;
  }
  return error < 0 ? error : await_welcome(link, deadline);
}

/* ---- Both ------------------------------------------------------------------------------------------------------ */

/// A message that is of another conversation, or out of place: 0 at the end of this one.
static int take_odd(struct ipc_link *link, const struct ipc_message_head *head) {
  link->start = link->held = 0;
  if (head->ticket != link->turn) { /* the next client has its turn only when this one is gone */
    if (!link->serves || head->kind != IPC_MESSAGE_HELLO || ipc_hold_has_turn(link->lobby, link->turn))
      return -EBADMSG;
    link->next = head->ticket;
    return -EOWNERDEAD;
  }
  if (head->kind == IPC_MESSAGE_RESET)
    return -ECONNRESET;
  if (head->kind != IPC_MESSAGE_ENDED && head->kind != IPC_MESSAGE_CLOSED)
    return -EBADMSG;
  link->ended = true;
  link->left = head->kind == IPC_MESSAGE_CLOSED;
  return 0;
}

ssize_t ipc_queue_receive(struct ipc_link *link, void *buffer, size_t size) {
  if (link->held == 0) {
    struct ipc_message_head head;
    int kind = ipc_post_receive(link, &head);
    if (kind == -EAGAIN && ipc_link_lives(link))
      return kind;
    if (kind == -EAGAIN) /* what it sent before it died may have come meanwhile */
      kind = ipc_post_receive(link, &head);
    if (kind < 0)
      return kind == -EAGAIN ? -EOWNERDEAD : kind;
    if (kind != IPC_MESSAGE_DATA || head.ticket != link->turn)
      return take_odd(link, &head);
  }
  size_t count = link->held < size ? link->held : size;
  memcpy(buffer, link->buffer + link->start, count);
  link->start += count;
  link->held -= count;
  return (ssize_t)count;
}

/// Whether the client said that it leaves: what it sent before is for nobody any more, as nobody takes an answer.
static bool has_left(struct ipc_link *link) {
  struct ipc_message_head head;
  int kind;
  while ((kind = ipc_post_receive(link, &head)) > 0 && head.ticket == link->turn)
    if (kind == IPC_MESSAGE_CLOSED)
      return true;
  link->start = link->held = 0;
  link->next = kind == IPC_MESSAGE_HELLO ? head.ticket : link->next;
  return false;
}

ssize_t ipc_queue_send(struct ipc_link *link, const void *bytes, size_t length) {
  size_t room = link->sizes.message - IPC_POST_HEAD, count = length < room ? length : room;
  int error = ipc_post_send(link, IPC_MESSAGE_DATA, bytes, count);
  if (error != -EAGAIN || ipc_link_lives(link))
    return error < 0 ? error : (ssize_t)count;
  return !link->serves || has_left(link) ? -EPIPE : -EOWNERDEAD;
}

int ipc_queue_finish(struct ipc_link *link) {
  int error = ipc_post_send(link, IPC_MESSAGE_ENDED, NULL, 0);
  if (error == -EAGAIN && !ipc_link_lives(link))
    error = 0; /* nobody is left to see it */
  link->half_closed = error == 0;
  return error;
}

int ipc_queue_leave(struct ipc_link *link) {
  int64_t deadline = ipc_clock_now() + IPC_LINGER_MS;
  enum ipc_message_kind last = link->serves ? IPC_MESSAGE_ENDED : IPC_MESSAGE_CLOSED;
  bool done = link->turn == 0 || (link->serves && link->half_closed) || (!link->serves && link->ended);
  int error = 0;
  while (!done && (error = ipc_post_send(link, last, NULL, 0)) == -EAGAIN && ipc_link_lives(link) &&
         ipc_clock_remaining(deadline) > 0)
    ipc_wait(link->out, IPC_WRITABLE, -1, IPC_PEER_CHECK_MS);
  if (error == -EAGAIN && link->serves) { /* it does not read: it will find that something is missing */
    ipc_post_empty(link->out, link);
    error = ipc_post_send(link, IPC_MESSAGE_RESET, NULL, 0);
  }
  link->start = link->held = 0;
  return error == -EAGAIN ? 0 : error;
}
