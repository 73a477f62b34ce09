/* A session: one client and its service, a step at a time, never waiting. */
#include "loop.h"

#include <linux/sockios.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>

void ipc_session_peer(const struct ipc_loop *loop, const struct ipc_session *session, struct ipc_endpoint *peer) {
  struct sockaddr_storage address = {.ss_family = session->family};
  if (session->family == AF_INET) {
    struct sockaddr_in *v4 = (struct sockaddr_in *)&address;
    v4->sin_port = session->port;
    memcpy(&v4->sin_addr, &session->address, sizeof v4->sin_addr);
  } else if (session->family == AF_INET6) {
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&address;
    v6->sin6_port = session->port;
    v6->sin6_scope_id = session->scope;
    v6->sin6_addr = session->address;
  }
  if (session->family == AF_UNIX ? ipc_address_peer(session->descriptor, peer) != 0
                                 : ipc_address_decode(&address, sizeof address, peer) != 0)
    *peer = loop->server->endpoint;
}

int ipc_session_tell(const struct ipc_loop *loop, const struct ipc_session *session, enum ipc_step step,
                     ssize_t result) {
  if (result >= 0 && !(loop->observer && loop->observer->steps & 1U << step))
    return 0;
  struct ipc_endpoint peer;
  ipc_session_peer(loop, session, &peer);
  ipc_observer_notify(loop->observer, step, session->descriptor, result, &peer);
  return result < 0 ? ipc_failure_record(loop->failure, step, result, &peer) : 0;
}

static void forget(struct ipc_session *session) {
  free(session->bytes);
  session->bytes = NULL;
  session->kept = 0;
}

/// Keeps bytes until the next step: a part of a message, or what there was no room to send. At most one buffer's.
static int keep(struct ipc_loop *loop, struct ipc_session *session, const unsigned char *bytes, size_t length,
                bool replies) {
  forget(session);
  session->replies = replies;
  if (length == 0)
    return 0;
  session->bytes = malloc(length);
  if (!session->bytes)
    return ipc_session_tell(loop, session, IPC_STEP_RECEIVE, -ENOMEM);
  memcpy(session->bytes, bytes, length);
  session->kept = (uint32_t)length;
  return 0;
}

/// Sends until there is no more room; the count. What was sent before a failure counts, too.
static ssize_t send_some(struct ipc_loop *loop, struct ipc_session *session, const unsigned char *bytes, size_t length,
                         bool more) {
  size_t sent = 0;
  ssize_t count = 0;
  while (sent < length && (count = ipc_send(session->descriptor, bytes + sent, length - sent, more)) >= 0)
    sent += (size_t)count;
  session->sent += sent;
  if (sent > 0)
    ipc_session_tell(loop, session, IPC_STEP_SEND, (ssize_t)sent);
  return count >= 0 || count == -EAGAIN ? (ssize_t)sent : ipc_session_tell(loop, session, IPC_STEP_SEND, count);
}

/// Whether the client's kernel may not yet have got all that was sent: a reset would cost it that. A server of one
/// client need not hurry, and does the same each time.
static bool is_under_way(const struct ipc_loop *loop, const struct ipc_session *session) {
  int bytes = 0;
  if (loop->server->endpoint.transport != IPC_TCP)
    return false;
  return !loop->serving->keep_open || (ioctl(session->descriptor, SIOCOUTQ, &bytes) == 0 && bytes > 0);
}

static int discard(struct ipc_loop *loop, struct ipc_session *session) {
  ssize_t count = ipc_receive(session->descriptor, loop->input, IPC_BUFFER_SIZE);
  if (count > 0 || (count == -EAGAIN && is_under_way(loop, session)))
    session->lingers = true;
  return count > 0 || (count == -EAGAIN && session->lingers) ? EPOLLIN : 0;
}

/// Ends a connection whose client may still be sending. Closing with input unread would be a reset, and could cost the
/// client what was sent to it last: so end our direction, then discard the input, for IPC_LINGER_MS at most (RFC 1122,
/// section 4.2.2.13). A Unix client that sends later still would be reset: there the other direction ends too, and it
/// gets EPIPE.
static int end_well(struct ipc_loop *loop, struct ipc_session *session) {
  int how = loop->server->endpoint.transport == IPC_TCP ? SHUT_WR : SHUT_RDWR;
  int error;
  if (session->ended)
    return 0;
  IPC_CALL(error, shutdown(session->descriptor, how));
  return error < 0 ? 0 : discard(loop, session);
}

static int send_reply(struct ipc_loop *loop, struct ipc_session *session) {
  ssize_t sent = send_some(loop, session, session->bytes, session->kept, session->ending);
  if (sent < 0)
    return (int)sent;
  session->kept -= (uint32_t)sent;
  memmove(session->bytes, session->bytes + sent, session->kept);
  if (session->kept > 0)
    return EPOLLOUT;
  forget(session);
  session->replies = false;
  return session->ending ? end_well(loop, session) : EPOLLIN;
}

static int print(struct ipc_loop *loop, size_t length) {
  char text[64 + IPC_VIS_GROWTH * IPC_LINE_MAX];
  ssize_t count = ipc_message_text(loop->input, length, text, sizeof text);
  int output = loop->serving->output;
  if (count >= 0)
    count = ipc_write(output, text, (size_t)count);
  ipc_observer_notify(loop->observer, IPC_STEP_OUTPUT, output, count, NULL);
  return count < 0 ? ipc_failure_record(loop->failure, IPC_STEP_OUTPUT, count, NULL) : 0;
}

/// Receives behind the input that was kept; the length of both.
static ssize_t receive_more(struct ipc_loop *loop, struct ipc_session *session, uint32_t ready) {
  size_t length = session->kept;
  if (length > 0)
    memcpy(loop->input, session->bytes, length);
  if (!(ready & ~EPOLLOUT) || session->ended)
    return (ssize_t)length;
  ssize_t count = ipc_receive(session->descriptor, loop->input + length, IPC_BUFFER_SIZE - length);
  if (count == -EAGAIN)
    return (ssize_t)length;
  ipc_session_tell(loop, session, IPC_STEP_RECEIVE, count);
  if (count < 0)
    return count;
  session->received += (uint64_t)count;
  session->ended = count == 0;
  return (ssize_t)length + count;
}

/// Where a reply depends on nothing but how much of it was sent, what found no room is made again.
static bool makes_again(const struct ipc_loop *loop) {
  return loop->service->kind == IPC_GREETING || loop->service->kind == IPC_CHARGEN;
}

int ipc_session_step(struct ipc_loop *loop, struct ipc_session *session, uint32_t ready) {
  if (session->lingers)
    return discard(loop, session);
  if (session->replies)
    return send_reply(loop, session);
  ssize_t length = receive_more(loop, session, ready);
  if (length < 0)
    return (int)length;
  struct ipc_service_result turn;
  ipc_service_step(loop->service, session->sent, loop->input, (size_t)length, session->ended, loop->output,
                   IPC_BUFFER_SIZE, &turn);
  int error = 0;
  if (turn.cut)
    ipc_session_tell(loop, session, IPC_STEP_RECEIVE, -EMSGSIZE);
  if (turn.prints)
    error = print(loop, turn.consumed);
  const unsigned char *reply = turn.echoes ? loop->input : loop->output;
  ssize_t sent = 0;
  if (error == 0 && turn.produced > 0)
    sent = send_some(loop, session, reply, turn.produced, turn.next == IPC_NEXT_END);
  if (error < 0 || sent < 0)
    return error < 0 ? error : (int)sent;
  if ((size_t)sent < turn.produced) {
    session->ending = turn.next == IPC_NEXT_END;
    if (!makes_again(loop))
      error = keep(loop, session, reply + sent, turn.produced - (size_t)sent, true);
    return error < 0 ? error : loop->service->kind == IPC_CHARGEN && !session->ended ? EPOLLIN | EPOLLOUT : EPOLLOUT;
  }
  if (turn.next == IPC_NEXT_END) {
    forget(session);
    return end_well(loop, session);
  }
  if (session->kept > 0 || (size_t)length > turn.consumed)
    error = keep(loop, session, loop->input + turn.consumed, (size_t)length - turn.consumed, false);
  if (error < 0)
    return error;
  if (turn.next == IPC_NEXT_INPUT)
    return EPOLLIN;
  return session->ended || loop->service->kind == IPC_GREETING ? EPOLLOUT : EPOLLIN | EPOLLOUT;
}
