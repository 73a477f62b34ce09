/* A session: one client and its service, a step at a time, without ever waiting. */
#include "session.h"

#include <linux/sockios.h>
#include <sys/epoll.h>

void ipc_session_peer(const struct ipc_session *session, const struct ipc_session_shared *shared,
                      struct ipc_endpoint *peer) {
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
    *peer = shared->servers[session->listener].endpoint;
}

int ipc_session_notify(const struct ipc_session *session, const struct ipc_session_shared *shared, enum ipc_step step,
                       ssize_t result) {
  if (result >= 0 && !(shared->observer && shared->observer->steps & 1U << step))
    return 0;
  struct ipc_endpoint peer;
  ipc_session_peer(session, shared, &peer);
  ipc_observer_notify(shared->observer, step, session->descriptor, result, &peer);
  return result < 0 ? ipc_failure_record(shared->failure, step, result, &peer) : 0;
}

static void forget(struct ipc_session *session) {
  ipc_pages_free(session->kept, session->kept_capacity);
  session->kept = NULL;
  session->kept_length = session->kept_capacity = 0;
}

/// Keeps bytes until the next step: a part of a message, or a reply that found no room. At most one buffer's.
static int keep(struct ipc_session *session, const struct ipc_session_shared *shared, const unsigned char *bytes,
                size_t length) {
  if (length > session->kept_capacity) {
    size_t capacity = ipc_pages_round(length);
    unsigned char *pages = ipc_pages_grow(session->kept, session->kept_capacity, capacity);
    if (!pages)
      return ipc_session_notify(session, shared, IPC_STEP_RECEIVE, -ENOMEM);
    session->kept = pages;
    session->kept_capacity = (uint32_t)capacity;
  }
  if (length > 0)
    memcpy(session->kept, bytes, length);
  session->kept_length = (uint32_t)length;
  return 0;
}

/// Sends until the socket has no more room; returns how many bytes. Bytes sent before a failure count, too.
static ssize_t send_some(struct ipc_session *session, const struct ipc_session_shared *shared,
                         const unsigned char *bytes, size_t length, bool more) {
  size_t sent = 0;
  ssize_t count = 0;
  while (sent < length && (count = ipc_send(session->descriptor, bytes + sent, length - sent, more)) >= 0)
    sent += (size_t)count;
  session->sent += sent;
  if (sent > 0)
    ipc_session_notify(session, shared, IPC_STEP_SEND, (ssize_t)sent);
  return count >= 0 || count == -EAGAIN ? (ssize_t)sent : ipc_session_notify(session, shared, IPC_STEP_SEND, count);
}

/// Whether the client's kernel may lack some of the bytes that were sent: a reset would discard them. A server of one
/// client has time to linger anyway, and then does the same in each run.
static bool has_unacknowledged(const struct ipc_session *session, const struct ipc_session_shared *shared) {
  int bytes = 0;
  if (session->family == AF_UNIX)
    return false;
  return !shared->options->keep_open || (ioctl(session->descriptor, SIOCOUTQ, &bytes) == 0 && bytes > 0);
}

static int discard(struct ipc_session *session, const struct ipc_session_shared *shared) {
  ssize_t count = ipc_receive(session->descriptor, shared->input, IPC_BUFFER_SIZE);
  if (count > 0 || (count == -EAGAIN && has_unacknowledged(session, shared)))
    session->phase = IPC_SESSION_LINGERING;
  bool lingers = session->phase == IPC_SESSION_LINGERING;
  return count > 0 || (count == -EAGAIN && lingers) ? EPOLLIN : 0;
}

/// Ends a connection whose client may still be sending. Closing a socket with unread input sends a reset, which could
/// discard the last bytes on their way to the client. So this half-closes, then discards the input, for IPC_LINGER_MS
/// at most (RFC 1122, section 4.2.2.13). On a Unix socket both directions are shut down: a client that sends later gets
/// EPIPE instead of a reset.
static int close_gracefully(struct ipc_session *session, const struct ipc_session_shared *shared) {
  int how = session->family == AF_UNIX ? SHUT_RDWR : SHUT_WR;
  int error;
  if (session->has_ended)
    return 0;
  IPC_CALL(error, shutdown(session->descriptor, how));
  return error < 0 ? 0 : discard(session, shared);
}

static int send_reply(struct ipc_session *session, const struct ipc_session_shared *shared) {
  bool ends = session->phase == IPC_SESSION_ENDING;
  ssize_t sent = send_some(session, shared, session->kept, session->kept_length, ends);
  if (sent < 0)
    return (int)sent;
  session->kept_length -= (uint32_t)sent;
  memmove(session->kept, session->kept + sent, session->kept_length);
  if (session->kept_length > 0)
    return EPOLLOUT;
  forget(session);
  session->phase = IPC_SESSION_SERVING;
  return ends ? close_gracefully(session, shared) : EPOLLIN;
}

/// Prints the line that was kept, and then replies. The server's output may take no more: only this session waits.
static int print(struct ipc_session *session, const struct ipc_session_shared *shared) {
  size_t length = session->line_length;
  int output = shared->output->number;
  int error = ipc_output_print(shared->output, (const char *)session->kept, length, &session->line);
  if (error == -EAGAIN)
    return EPOLLOUT;
  ipc_observer_notify(shared->observer, IPC_STEP_OUTPUT, output, error < 0 ? error : (ssize_t)length, NULL);
  if (error < 0)
    return ipc_failure_record(shared->failure, IPC_STEP_OUTPUT, error, NULL);
  session->kept_length -= session->line_length;
  memmove(session->kept, session->kept + length, session->kept_length);
  session->phase = IPC_SESSION_ENDING;
  return send_reply(session, shared);
}

/// Keeps the line of a message and the reply to it, which is the last one, and prints the line.
static int print_result(struct ipc_session *session, const struct ipc_session_shared *shared,
                        const struct ipc_service_result *result) {
  unsigned char bytes[IPC_OUTPUT_LINE_MAX + IPC_LINE_MAX];
  ssize_t length = ipc_message_text(shared->input, result->consumed, (char *)bytes, IPC_OUTPUT_LINE_MAX);
  memcpy(bytes + length, shared->reply, result->produced);
  int error = keep(session, shared, bytes, (size_t)length + result->produced);
  if (error < 0)
    return error;
  session->line_length = (uint32_t)length;
  session->phase = IPC_SESSION_PRINTING;
  return print(session, shared);
}

/// Receives behind the input that was kept; returns the length of both. Bytes beyond the limit stay unread: so the
/// close is a reset over a Unix socket, too.
static ssize_t receive_more(struct ipc_session *session, const struct ipc_session_shared *shared, uint32_t ready) {
  size_t length = session->kept_length;
  if (length > 0)
    memcpy(shared->input, session->kept, length);
  if (!(ready & ~EPOLLOUT) || session->has_ended)
    return (ssize_t)length;
  size_t most = ipc_service_input_room(shared->service, ipc_session_room(session, shared), IPC_BUFFER_SIZE - length);
  if (most == 0 && ipc_session_has_unread(session))
    return ipc_session_notify(session, shared, IPC_STEP_RECEIVE, -EFBIG);
  ssize_t count = ipc_receive(session->descriptor, shared->input + length, most > 0 ? most : 1);
  if (count == -EAGAIN)
    return (ssize_t)length;
  if (most == 0 && count > 0)
    return ipc_session_notify(session, shared, IPC_STEP_RECEIVE, -EFBIG);
  ipc_session_notify(session, shared, IPC_STEP_RECEIVE, count);
  if (count < 0)
    return count;
  session->received += (uint64_t)count;
  session->has_ended = count == 0;
  return (ssize_t)length + count;
}

/// Only chargen sends whether or not there is input, and so must see the client's end while it sends.
static int sending_events(const struct ipc_session *session, const struct ipc_session_shared *shared) {
  return shared->service->kind == IPC_CHARGEN && !session->has_ended ? EPOLLIN | EPOLLOUT : EPOLLOUT;
}

/// Sends the reply of a step; returns whether all of it was sent, or an error.
static int send_result(struct ipc_session *session, const struct ipc_session_shared *shared,
                       const struct ipc_service_result *result) {
  if (result->produced == 0)
    return true;
  const unsigned char *reply = result->echoes ? shared->input : shared->reply;
  bool ends = result->next == IPC_NEXT_END;
  ssize_t sent = send_some(session, shared, reply, result->produced, ends);
  if (sent < 0)
    return (int)sent;
  if ((size_t)sent == result->produced)
    return true;
  if (ipc_service_is_reproducible(shared->service)) /* unsent bytes are generated again instead of kept */
    return false;
  session->phase = ends ? IPC_SESSION_ENDING : IPC_SESSION_REPLYING;
  return keep(session, shared, reply + sent, result->produced - (size_t)sent);
}

static int serve(struct ipc_session *session, const struct ipc_session_shared *shared, uint32_t ready) {
  ssize_t length = receive_more(session, shared, ready);
  if (length < 0)
    return (int)length;
  struct ipc_service_result result;
  int64_t left = ipc_session_room(session, shared);
  ipc_service_step(shared->service, session->sent, shared->input, (size_t)length, session->has_ended, shared->reply,
                   IPC_BUFFER_SIZE, &result);
  ipc_service_fit(shared->service, left, &result);
  bool exceeds = ipc_service_lacks_room(&result, left, (size_t)length - result.consumed);
  if (result.cut)
    ipc_session_notify(session, shared, IPC_STEP_RECEIVE, -EMSGSIZE);
  if (result.prints)
    return exceeds ? ipc_session_notify(session, shared, IPC_STEP_RECEIVE, -EFBIG)
                   : print_result(session, shared, &result);
  int error = 0, is_sent = send_result(session, shared, &result);
  if (is_sent <= 0)
    return is_sent < 0 ? is_sent : sending_events(session, shared);
  if (exceeds)
    return ipc_session_notify(session, shared, IPC_STEP_RECEIVE, -EFBIG);
  if (result.next == IPC_NEXT_END) {
    forget(session);
    return close_gracefully(session, shared);
  }
  if ((size_t)length > result.consumed)
    error = keep(session, shared, shared->input + result.consumed, (size_t)length - result.consumed);
  else if (session->kept)
    forget(session);
  if (error < 0)
    return error;
  return result.next == IPC_NEXT_INPUT ? EPOLLIN : sending_events(session, shared);
}

bool ipc_session_is_unfinished(const struct ipc_session *session, const struct ipc_session_shared *shared) {
  if (session->phase != IPC_SESSION_SERVING)
    return session->phase != IPC_SESSION_LINGERING;
  /* A greeting that is serving lacks a part: it ends with its last byte. Chargen never ends by itself. */
  return session->kept_length > 0 || ipc_service_is_reproducible(shared->service) || ipc_session_has_unread(session);
}

int ipc_session_step(struct ipc_session *session, const struct ipc_session_shared *shared, uint32_t ready) {
  switch (session->phase) {
  case IPC_SESSION_LINGERING:
    return discard(session, shared);
  case IPC_SESSION_PRINTING:
    return print(session, shared);
  case IPC_SESSION_REPLYING:
  case IPC_SESSION_ENDING:
    return send_reply(session, shared);
  default:
    return serve(session, shared, ready);
  }
}
