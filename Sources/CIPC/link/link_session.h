/* Serving over a link, for link_session.c and link_server.c. */
#ifndef IPC_LINK_SESSION_H
#define IPC_LINK_SESSION_H

#include "../server/control.h"
#include "../socket/socket.h"
#include "link_transport.h"

#ifdef __clang__
#pragma clang assume_nonnull begin
#endif

/// The server's sessions, one after the other: what all of them share, and the current one's.
struct ipc_link_session {
  struct ipc_link *link;
  const struct ipc_service *service;
  const struct ipc_serve_options *options;
  const struct ipc_observer *_Nullable observer;
  struct ipc_failure *failure;
  struct ipc_control control;
  struct ipc_output *printer;   ///< where the message service prints
  int requests;                 ///< epoll(7) of stop and status requests
  bool is_over;                 ///< a stop ends the session now
  struct ipc_counters counters; ///< without the current session's bytes
  unsigned char *input, *output;
  uint64_t received, sent; ///< the session's
  int64_t since, active;   ///< when the client was accepted; when it last moved a byte
  int steps;               ///< since the last wait or check of the requests
};

/// The bytes that the client may still move.
static inline int64_t ipc_link_session_room(const struct ipc_link_session *session) {
  return ipc_service_room(session->options->limits.bytes, session->received + session->sent);
}

/// Notifies the observer of a step on the link. Records an error as the failure, and returns it.
int ipc_link_session_report(struct ipc_link_session *session, enum ipc_step step, ssize_t result);

/// Reads the stop and status requests that have come. A server that drains gives up its name.
void ipc_link_session_poll_control(struct ipc_link_session *session);

/// Serves one client to its end, or until a stop ends an idle session. Errors: ECANCELED (a stop ends the session, and
/// the client lacks a part of what the service sends, or has sent bytes that are not answered).
int ipc_link_session_run(struct ipc_link_session *session);

#ifdef __clang__
#pragma clang assume_nonnull end
#endif

#endif
