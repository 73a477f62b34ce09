/* A session: one client and its service. */
#ifndef IPC_SESSION_H
#define IPC_SESSION_H

#include "session_shared.h"

#include <netinet/in.h>
#include <sys/ioctl.h>

#ifdef __clang__
#pragma clang assume_nonnull begin
#endif

/// How far a session has come.
enum ipc_session_phase {
  IPC_SESSION_SERVING,  ///< receives, and lets the service answer; `kept` is input that waits for more
  IPC_SESSION_PRINTING, ///< `kept` is a line that waits for the server's output, and the last reply
  IPC_SESSION_REPLYING, ///< `kept` is a reply; the session goes on after it
  IPC_SESSION_ENDING,   ///< `kept` is the last reply; the session ends after it
  IPC_SESSION_LINGERING ///< all is sent; the session discards what the client still sends
};

/// The lists by time. The idle time runs only in the first of them: a session that waits for the server's output keeps
/// its client waiting.
enum ipc_session_group { IPC_SESSIONS_SERVED, IPC_SESSIONS_PRINTING, IPC_SESSIONS_LINGERING, IPC_SESSION_GROUPS };

/// There may be ten thousand of them, so a session has no buffer of its own: the sessions of a loop share two.
struct ipc_session {
  int descriptor;         ///< -1 if this slot of the table is free
  uint32_t events;        ///< of epoll(7), that it waits for
  uint32_t before, after; ///< neighbours in the list by time, see `active`; a free slot has only `after`
  uint32_t older, newer;  ///< neighbours in the list by time of acceptance, until the session lingers
  uint32_t chain;         ///< the next session whose address has the same hash
  uint32_t kept_length, kept_capacity;
  unsigned char *_Nullable kept; ///< see the phases; in pages of its own, whose bytes are `kept_capacity`
  uint32_t line_length;          ///< of the line in `kept`
  uint64_t line;                 ///< the number of that line, see ipc_output_print()
  uint64_t received, sent;
  int64_t since, active; ///< when the session was accepted; when it last moved a byte, or joined its list
  enum ipc_session_phase phase;
  enum ipc_session_group group; ///< the list that it is in
  bool has_ended;               ///< the client has sent its end
  uint8_t listener;             ///< the index of the listener that accepted the client
  sa_family_t family;
  in_port_t port;
  uint32_t scope;
  struct in6_addr address; ///< of an IPv4 client, the first four bytes
};

/// The list to which a session belongs.
static inline enum ipc_session_group ipc_session_group(const struct ipc_session *session) {
  if (session->phase == IPC_SESSION_PRINTING)
    return IPC_SESSIONS_PRINTING;
  return session->phase == IPC_SESSION_LINGERING ? IPC_SESSIONS_LINGERING : IPC_SESSIONS_SERVED;
}

/// The bytes that the client may still move.
static inline int64_t ipc_session_room(const struct ipc_session *session, const struct ipc_session_shared *shared) {
  return ipc_service_room(shared->options->limits.bytes, session->received + session->sent);
}

/// Whether bytes have arrived that the session has not read.
static inline bool ipc_session_has_unread(const struct ipc_session *session) {
  int bytes = 0;
  return ioctl(session->descriptor, FIONREAD, &bytes) == 0 && bytes > 0;
}

/// The client's endpoint, for events and failures; its listener's if the client has none.
void ipc_session_peer(const struct ipc_session *session, const struct ipc_session_shared *shared,
                      struct ipc_endpoint *peer);

/// Notifies the observer of a session's step. Records and returns an error.
int ipc_session_notify(const struct ipc_session *session, const struct ipc_session_shared *shared, enum ipc_step step,
                       ssize_t result);

/// Whether its client lacks a part of what the service sends, or has sent bytes that the service has not answered.
bool ipc_session_is_unfinished(const struct ipc_session *session, const struct ipc_session_shared *shared);

/// One step; `ready` is what epoll(7) reported. Returns the events to wait for, 0 at the session's end, or a recorded
/// error. In IPC_SESSION_PRINTING the events are those of the server's output.
int ipc_session_step(struct ipc_session *session, const struct ipc_session_shared *shared, uint32_t ready);

#ifdef __clang__
#pragma clang assume_nonnull end
#endif

#endif
