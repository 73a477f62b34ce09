/* One end of a link, and the operations that each transport implements: pipe.c, queue.c and memory.c. */
#ifndef IPC_LINK_TRANSPORT_H
#define IPC_LINK_TRANSPORT_H

#include "../core/core.h"

#ifdef __clang__
#pragma clang assume_nonnull begin
#endif

/// How far the peer's direction of the conversation is.
enum ipc_link_peer {
  IPC_LINK_PEER_SENDS,  ///< more may come
  IPC_LINK_PEER_ENDED,  ///< it sends nothing more, and may still receive
  IPC_LINK_PEER_CLOSED, ///< it neither sends nor receives any more
};

/// What all transports share. A transport's own structure starts with it.
struct ipc_link {
  const struct ipc_link_ops *ops;
  bool is_server;
  bool half_closed; ///< this end sends nothing more
  enum ipc_link_peer peer;
  int rendezvous;  ///< the descriptor with the locks; see link_protocol.h
  int watch;       ///< inotify(7) of the rendezvous and of a pipe server's FIFOs, or -1
  uint64_t ticket; ///< of the connected client; 0: there is none, or it opened a FIFO by hand
  pid_t holder;    ///< after EADDRINUSE: the server that owns the name, or 0
  struct ipc_link_sizes sizes;
  struct ipc_endpoint endpoint;
};

/// One table for each transport. The functions return what the functions of link.h with the same names return.
struct ipc_link_ops {
  size_t size; ///< of the transport's structure
  /// Sets the fields of a structure of zeros, in which `link` is filled in.
  void (*init)(struct ipc_link *link);
  int (*listen)(struct ipc_link *link);
  int (*accept)(struct ipc_link *link, int extra, struct ipc_deadline deadline);
  int (*connect)(struct ipc_link *link, enum ipc_link_busy busy, struct ipc_deadline deadline);
  ssize_t (*receive)(struct ipc_link *link, void *buffer, size_t size);
  ssize_t (*send)(struct ipc_link *link, const void *bytes, size_t length);
  int (*half_close)(struct ipc_link *link);
  /// ipc_link_reset() if this end has `failed`.
  int (*disconnect)(struct ipc_link *link, bool failed);
  int (*wait)(struct ipc_link *link, int events, int extra, int timeout_ms);
  /// Ends what `wait` started for an extra descriptor; NULL if it starts nothing.
  void (*_Nullable forget_extra)(struct ipc_link *link);
  /// Removes a server's names, if they are still its own.
  void (*remove_names)(struct ipc_link *link);
  /// Closes and frees all that the transport's own fields hold, however far `listen` or `connect` came.
  void (*release)(struct ipc_link *link);
};

extern const struct ipc_link_ops ipc_pipe_ops, ipc_queue_ops, ipc_memory_ops;

#ifdef __clang__
#pragma clang assume_nonnull end
#endif

#endif
