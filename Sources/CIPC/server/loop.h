/* The loop: struct ipc_loop, and the files that work on it. Each file calls only the ones before it. */
#ifndef IPC_LOOP_H
#define IPC_LOOP_H

#include "control.h"
#include "session_table.h"

#ifdef __clang__
#pragma clang assume_nonnull begin
#endif

/// Words of 64 bits that have a bit for each errno of Linux.
#define IPC_ERROR_WORDS 3

/// Clients accepted from a backlog at a stop: bounded, so that new clients can't delay it; larger than any backlog.
#define IPC_LAST_ACCEPTS 65536

/// What epoll(7) returns for the first listener; the others have the tokens after it. Sessions have tokens of 32 bits.
#define IPC_LISTENER_TOKEN (UINT64_MAX - 3 - IPC_LISTENERS_MAX)

/// What the loop knows of one of its server's listeners.
struct ipc_listener {
  bool is_watching;                   ///< the loop waits for it
  int64_t resume;                     ///< when to accept again after a pause, or 0
  uint64_t reported[IPC_ERROR_WORDS]; ///< a bit for each error of accepting that the observer knows of
};

struct ipc_loop {
  const struct ipc_serve_options *options;
  struct ipc_session_shared shared;
  struct ipc_session_table table;
  struct ipc_control control;
  int epoll;
  int64_t now;                                      ///< on ipc_clock_now()'s clock; read once a round
  bool accepts;                                     ///< the loop still accepts clients
  struct ipc_listener listeners[IPC_LISTENERS_MAX]; ///< of `shared.servers`, by index
  uint32_t listener_count;
  uint32_t next_listener;       ///< the first one to watch, so that the server accepts from each in turn
  bool is_watching_output;      ///< the loop waits for the server's output
  struct ipc_counters counters; ///< without the bytes of sessions that have not ended
};

/* session_lifecycle.c */

/// Ends a session; after an error, its client sees a reset over TCP. Returns the error if that ends serving: always for
/// a server of one client; for others only if the server's own output failed; never for ECANCELED, which is a stop.
int ipc_session_lifecycle_close(struct ipc_loop *loop, uint32_t index, int error);

/// Ends a session because of a stop. A client whose session is unfinished sees a reset, as after an error.
void ipc_session_lifecycle_stop(struct ipc_loop *loop, uint32_t index);

/// Ends a session because the server failed. Its client sees the same whether or not its bytes have arrived: a reset
/// over TCP, as clients in the backlog see, so that it does not take the answer for complete; the end over a Unix
/// socket.
void ipc_session_lifecycle_abort(struct ipc_loop *loop, uint32_t index);

/// Makes a session take a step, and closes it at its end. Returns an error that ends serving.
int ipc_session_lifecycle_step(struct ipc_loop *loop, uint32_t index, uint32_t ready);

/* admission.c */

/// Whether the loop would accept another client.
static inline bool ipc_admission_can_accept(const struct ipc_loop *loop) {
  int limit = loop->options->limits.clients;
  return loop->accepts && (limit == 0 || loop->table.count < (uint32_t)limit);
}

/// Watches the listeners only while the loop accepts, as a client in a backlog would make it spin otherwise. As
/// epoll_ctl(2).
int ipc_admission_watch(struct ipc_loop *loop);

/// Takes the client to which the server's socket is connected, as the only one. Returns an error that ends serving.
int ipc_admission_take(struct ipc_loop *loop);

/// Accepts at most so many of the clients in a listener's backlog. Returns an error that ends serving.
int ipc_admission_accept(struct ipc_loop *loop, uint32_t listener, int limit);

/// Resets the clients that are left in a TCP listener's backlog, and counts them. A Unix listener resets its own when
/// it closes, but would not if the loop accepted them.
void ipc_admission_refuse(struct ipc_loop *loop, uint32_t listener);

/* loop.c */

/// As ipc_serve(), with one loop in the calling thread; also returns the final counters.
int ipc_loop_serve(const struct ipc_server *servers, size_t count, const struct ipc_service *service,
                   const struct ipc_serve_options *options, const struct ipc_observer *_Nullable observer,
                   struct ipc_output *output, struct ipc_failure *failure, struct ipc_counters *counters);

/* workers.c */

/// As ipc_serve(), with several loops, each in a thread of its own.
int ipc_workers_serve(const struct ipc_server *servers, size_t count, const struct ipc_service *service,
                      const struct ipc_serve_options *options, const struct ipc_observer *_Nullable observer,
                      struct ipc_output *output, struct ipc_failure *failure);

#ifdef __clang__
#pragma clang assume_nonnull end
#endif

#endif
