/* Events and failures. */
#ifndef IPC_OBSERVER_H
#define IPC_OBSERVER_H

#include "endpoint.h"

IPC_DECLARATIONS_BEGIN

/// The step that an event or a failure tells of.
enum IPC_CLOSED_ENUM ipc_step {
  IPC_STEP_RESOLVE,
  IPC_STEP_CREATE,
  IPC_STEP_BIND,
  IPC_STEP_LISTEN,
  IPC_STEP_ACCEPT,
  IPC_STEP_CONNECT,
  IPC_STEP_RECEIVE,
  IPC_STEP_SEND,
  IPC_STEP_INPUT,      ///< read from the descriptor that feeds the connection
  IPC_STEP_OUTPUT,     ///< write to the descriptor that prints
  IPC_STEP_HALF_CLOSE, ///< end one direction of the connection (half-close)
  IPC_STEP_WAIT,
  IPC_STEP_CLOSE,
  IPC_STEP_STOP,           ///< a stop was read
  IPC_STEP_STATUS_REQUEST, ///< a notice was read
};

/// What a server has done so far.
struct ipc_counters {
  uint64_t accepted, refused; ///< clients: served, and closed at once for one of ipc_client_limits
  uint64_t active, failed;    ///< of the accepted: here now, and ended by an error
  uint64_t received, sent;    ///< bytes
};

/// One step, told once it is done or has failed.
struct ipc_event {
  enum ipc_step step;
  int descriptor;                                ///< on which it was done, or -1
  size_t count;                                  ///< bytes moved; of listen the backlog
  const struct ipc_endpoint *_Nullable endpoint; ///< of create, bind, listen, connect: own or target; else the peer
  /// 0, or the negated error. -EMSGSIZE of a receive: the message has no end within IPC_LINE_MAX bytes. Of a server's
  /// close: what the client failed with, where serving goes on.
  int error;
  enum ipc_step failed;                          ///< the step that the error is of
  uint64_t received, sent;                       ///< of a server's close: bytes in all
  int64_t duration_ms;                           ///< of a server's close: since the client was accepted
  const struct ipc_counters *_Nullable counters; ///< of a notice
};

/// Who is told, by one thread at a time. `event` must not keep what the event points to.
struct ipc_observer {
  void (*event)(void *_Nullable context, const struct ipc_event *event);
  void *_Nullable context;
  uint32_t steps; ///< which steps are told when they are done, a bit each (1 << step); those that fail are always told
};

/// Where something made of several steps failed.
struct ipc_failure {
  enum ipc_step step;
  bool has_endpoint;
  struct ipc_endpoint endpoint; ///< with whom, where that is known
  pid_t holder;                 ///< of a link's EADDRINUSE: the process that holds the name, or 0
};

IPC_DECLARATIONS_END

#endif
