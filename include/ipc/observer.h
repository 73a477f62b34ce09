/* Observers: what a function of several steps reports while it runs, and where it failed. */
#ifndef IPC_OBSERVER_H
#define IPC_OBSERVER_H

#include "endpoint.h"

IPC_DECLARATIONS_BEGIN

/// The steps that events and failures name.
enum IPC_CLOSED_ENUM ipc_step {
  IPC_STEP_RESOLVE,
  IPC_STEP_CREATE,
  IPC_STEP_BIND,
  IPC_STEP_LISTEN,
  IPC_STEP_ACCEPT,
  IPC_STEP_CONNECT,
  IPC_STEP_RECEIVE,
  IPC_STEP_SEND,
  IPC_STEP_INPUT,  ///< a relay reads its input
  IPC_STEP_OUTPUT, ///< a relay or the message service writes its output
  IPC_STEP_HALF_CLOSE,
  IPC_STEP_WAIT,
  IPC_STEP_CLOSE,
  IPC_STEP_STOP,           ///< a server read a stop request
  IPC_STEP_STATUS_REQUEST, ///< a server read a status request
  IPC_STEP_TIME_LIMIT,     ///< a client has used up the time that a server gives it
};

/// What a server has done since it started.
struct ipc_counters {
  uint64_t accepted;       ///< clients that were served
  uint64_t refused;        ///< clients that were closed at once because of ipc_client_limits, or of a stop
  uint64_t active;         ///< accepted clients that are connected now
  uint64_t failed;         ///< accepted clients whose connection ended with an error
  uint64_t received, sent; ///< bytes
};

/// A step that succeeded or failed.
struct ipc_event {
  enum ipc_step step;
  int descriptor;                                ///< the step's descriptor, or -1
  size_t count;                                  ///< bytes moved; for IPC_STEP_LISTEN the backlog
  const struct ipc_endpoint *_Nullable endpoint; ///< create, bind, listen: our own; connect: the target; else the peer
  /// 0, or the negated error. After IPC_STEP_RECEIVE, -EMSGSIZE means that a message has no end within IPC_LINE_MAX
  /// bytes. After IPC_STEP_CLOSE, it is the error of a client that did not stop the server; -ECANCELED means that a
  /// stop ended an unfinished session. After IPC_STEP_ACCEPT, -ECANCELED means that a stop refused the client.
  int error;
  enum ipc_step failed;                          ///< the step that failed, if `error` is not 0
  uint64_t received, sent;                       ///< after a server's IPC_STEP_CLOSE: the client's bytes
  int64_t duration_ms;                           ///< after a server's IPC_STEP_CLOSE: the time since IPC_STEP_ACCEPT
  const struct ipc_counters *_Nullable counters; ///< with IPC_STEP_STATUS_REQUEST
};

/// Receives events. Calls are serialized, even if a server has several workers. `event` must copy what it keeps.
struct ipc_observer {
  void (*event)(void *_Nullable context, const struct ipc_event *event);
  void *_Nullable context;
  uint32_t steps; ///< a bit (1 << step) for each step to report on success; failures are always reported
};

/// Which step of a function failed, and with which endpoint.
struct ipc_failure {
  enum ipc_step step;
  bool has_endpoint;
  struct ipc_endpoint endpoint;
  pid_t holder; ///< if a link is EADDRINUSE: the process that holds the name, or 0 if it is unknown
};

IPC_DECLARATIONS_END

#endif
