/* Stop and status requests: read in one place, for a loop, for workers and for a link's server. */
#ifndef IPC_CONTROL_H
#define IPC_CONTROL_H

#include "../core/core.h"

#ifdef __clang__
#pragma clang assume_nonnull begin
#endif

/// What epoll(7) returns for the two descriptors after ipc_control_watch(). Sessions have tokens of 32 bits.
#define IPC_CONTROL_STOP_TOKEN (UINT64_MAX - 1)
#define IPC_CONTROL_STATUS_TOKEN (UINT64_MAX - 2)

/// What the caller does after ipc_control_take_stop().
enum ipc_control_stop {
  IPC_CONTROL_NO_STOP, ///< goes on: there was no stop to read
  IPC_CONTROL_DRAIN,   ///< accepts no more clients, and serves the others until `drain_deadline`
  IPC_CONTROL_END,     ///< closes all clients
};

struct ipc_control {
  const struct ipc_observer *_Nullable observer;
  const struct ipc_endpoint *endpoint; ///< the server's, for events
  int drain_ms;
  int stop;               ///< to wait for, or -1: there is none, or serving ends anyway
  int status_request;     ///< to wait for, or -1: there is none, or nobody can send a request any more
  int epoll;              ///< the set of ipc_control_watch(), or -1
  int64_t drain_deadline; ///< when serving ends, on ipc_clock_now()'s clock; 0 before the first stop
};

/// Borrows the options' descriptors, the observer and the endpoint.
void ipc_control_init(struct ipc_control *control, const struct ipc_serve_options *options,
                      const struct ipc_observer *_Nullable observer, const struct ipc_endpoint *endpoint);

/// Adds both descriptors to a set of epoll(7), with the tokens above. As epoll_ctl(2).
int ipc_control_watch(struct ipc_control *control, int epoll);

/// Reads one stop, and notifies the observer of it. The end of the descriptor, or its failure, counts as a stop. The
/// caller has seen that `stop` is readable.
enum ipc_control_stop ipc_control_take_stop(struct ipc_control *control, int64_t now);

/// Reads one status request. Returns whether to answer it with ipc_control_report(). After the end of the descriptor,
/// or its failure, it is no longer watched. The caller has seen that `status_request` is readable.
bool ipc_control_take_status_request(struct ipc_control *control);

/// Reads the requests that have come, without waiting. Returns whether to answer with ipc_control_report(); a stop
/// shows in `drain_deadline`.
bool ipc_control_poll(struct ipc_control *control, int64_t now);

/// Notifies the observer, if there is one, of a status request and these counters.
void ipc_control_report(const struct ipc_control *control, const struct ipc_counters *counters);

/// Whether all clients are to be closed: after a second stop, or after the time that the first one left them.
static inline bool ipc_control_is_over(const struct ipc_control *control, int64_t now) {
  return control->drain_deadline > 0 && control->drain_deadline <= now;
}

#ifdef __clang__
#pragma clang assume_nonnull end
#endif

#endif
