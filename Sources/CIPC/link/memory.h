/* One end of shared memory, for memory.c, memory_object.c and poll_thread.c. */
#ifndef IPC_MEMORY_H
#define IPC_MEMORY_H

#include "../ring/ring_internal.h"
#include "handshake.h"

#ifdef __clang__
#pragma clang assume_nonnull begin
#endif

enum ipc_memory_phase {
  IPC_MEMORY_IDLE,      ///< there is no conversation
  IPC_MEMORY_CONNECTED, ///< `ring` is open
  IPC_MEMORY_PEER_DIED, ///< `ring` is still open, for what the peer sent before
};

struct ipc_memory {
  struct ipc_link link;
  enum ipc_memory_phase phase;
  struct ipc_ring ring;
  void *_Nullable base;
  size_t size;
  uint64_t last_ticket; ///< of the server's last client, whose hello stays in the object until the next one's
  struct ipc_poll_thread *_Nullable poll_thread;
};

static inline struct ipc_memory *ipc_memory_of(struct ipc_link *link) { return (struct ipc_memory *)link; }

/* memory_object.c */

/// Removes the object, if it still has its name.
void ipc_memory_object_remove(const struct ipc_memory *memory);

/// Creates and locks the object. A server that finds an old one locks it, removes it, and retries; another server that
/// has the old one open sees that it has lost its name, and retries as well.
int ipc_memory_object_create(struct ipc_memory *memory);

/// Opens and maps a client's object. Errors: ipc_local_error, ECONNREFUSED.
int ipc_memory_object_find(struct ipc_memory *memory);

int ipc_memory_object_map(struct ipc_memory *memory);

/// Opens this end's side of the rings; a server prepares new ones first. Errors: IPC_EKIND (the object's size), EPROTO.
int ipc_memory_object_open_ring(struct ipc_memory *memory);

void ipc_memory_object_unmap(struct ipc_memory *memory);

/* poll_thread.c */

/// Whether `extra` is readable: 1, or 0 if it is not, or if the thread polls it. As poll(2).
int ipc_poll_thread_check(const struct ipc_memory *memory, int extra);

/// The same, but after 0 the thread polls `extra`: once it is readable, a wait at the ring returns. Without a thread,
/// because none can be started, the caller notices it when it checks `extra` again, after IPC_PEER_CHECK_MS at most.
int ipc_poll_thread_watch(struct ipc_memory *memory, int extra);

/// Ends the thread, if there is one.
void ipc_poll_thread_end(struct ipc_memory *memory);

#ifdef __clang__
#pragma clang assume_nonnull end
#endif

#endif
