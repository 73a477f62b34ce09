/* The loop and its sessions, for loop.c, session.c and serve.c. */
#ifndef IPC_LOOP_H
#define IPC_LOOP_H

#include "../core/internal.h"
#include "control.h"

#include <netinet/in.h>

#ifdef __clang__
#pragma clang assume_nonnull begin
#endif

/// No session: the end of a list.
#define IPC_NONE UINT32_MAX

/// How far a client has come. There may be ten thousand, so it holds no buffer: those are the loop's.
struct ipc_session {
  int descriptor;                 ///< -1 where the place is free
  uint32_t events;                ///< what it waits for
  uint32_t before, after;         ///< in the list by time, see `active`; of a free place only `after`
  uint32_t chain;                 ///< the next session whose address has the same hash
  uint32_t kept;                  ///< bytes in `bytes`
  unsigned char *_Nullable bytes; ///< input that waits for more, or a reply that waits for room
  uint64_t received, sent;
  int64_t since, active; ///< when it was accepted; when it last moved a byte, or began to linger
  bool ended;            ///< the client's end has come
  bool replies;          ///< `bytes` is a reply
  bool ending;           ///< it ends once that reply is sent
  bool lingers;          ///< all is sent; what the client still sends is discarded
  sa_family_t family;
  in_port_t port;
  uint32_t scope;
  struct in6_addr address; ///< of an IPv4 client the first four bytes
};

/// Sessions by time: the first was active longest ago.
struct ipc_list {
  uint32_t first, last;
};

struct ipc_loop {
  const struct ipc_server *server;
  const struct ipc_service *service;
  const struct ipc_serve_options *serving;
  const struct ipc_observer *_Nullable observer;
  struct ipc_failure *failure;
  int epoll;
  int64_t now; ///< read once a round
  unsigned char *input, *output;
  struct ipc_session *sessions; ///< `capacity` places
  uint32_t *chains;             ///< by hash of the address, `capacity` of them
  uint32_t capacity;            ///< a power of two
  uint32_t used;                ///< places that were ever taken; of those `free` begins a list
  uint32_t count, free;
  struct ipc_list busy, lingering;
  bool accepts, listens;        ///< still takes clients; its listener is being watched
  int64_t resume;               ///< when to accept again after a shortage, or 0
  struct ipc_counters counters; ///< but for what sessions that are here have moved
  int shortage;                 ///< the error that was told, or 0
  struct ipc_control control;
};

/// Serves until it is done or stopped.
int ipc_loop(struct ipc_loop *loop);

/// As ipc_serve(), with one loop; what it has done.
int ipc_loop_serve(const struct ipc_server *server, const struct ipc_service *service,
                   const struct ipc_serve_options *serving, const struct ipc_observer *_Nullable observer,
                   struct ipc_failure *failure, struct ipc_counters *counters);

/// As ipc_serve(), with several loops.
int ipc_crew_serve(const struct ipc_server *server, const struct ipc_service *service,
                   const struct ipc_serve_options *serving, const struct ipc_observer *_Nullable observer,
                   struct ipc_failure *failure);

/// Whether a client would be taken.
bool ipc_loop_has_place(const struct ipc_loop *loop);

/// Takes at most so many of the clients that wait. A negative result ends serving.
int ipc_loop_accept(struct ipc_loop *loop, int limit);

/// Lets a session take its step. A negative result ends serving.
int ipc_loop_step(struct ipc_loop *loop, uint32_t index, uint32_t ready);

/// Ends a session; an error that ends serving is returned. What prints is the server's own: when that fails, it ends.
int ipc_loop_close(struct ipc_loop *loop, uint32_t index, int error);

/// One step of a session: what to wait for (EPOLLIN, EPOLLOUT), 0 at its end, or the negated error, noted as a failure.
int ipc_session_step(struct ipc_loop *loop, struct ipc_session *session, uint32_t ready);

/// Makes a place for one more session. Errors: ENOMEM.
int ipc_table_grow(struct ipc_loop *loop);

/// Takes the place; its index.
uint32_t ipc_table_add(struct ipc_loop *loop, int descriptor, const struct sockaddr_storage *address);

/// Frees the place; the descriptor is closed by then.
void ipc_table_remove(struct ipc_loop *loop, uint32_t index);

/// Puts a session behind all others in the list by time, where it lingers now in the other one.
void ipc_table_touch(struct ipc_loop *loop, uint32_t index, bool lingered);

/// Sessions over TCP from that session's address, itself counted; 0 where nobody counts them.
int ipc_table_neighbours(const struct ipc_loop *loop, uint32_t index);

/// The session's client, for who is told.
void ipc_session_peer(const struct ipc_loop *loop, const struct ipc_session *session, struct ipc_endpoint *peer);

/// Tells a session's step; an error is noted as a failure, and returned.
int ipc_session_tell(const struct ipc_loop *loop, const struct ipc_session *session, enum ipc_step step,
                     ssize_t result);

#ifdef __clang__
#pragma clang assume_nonnull end
#endif

#endif
