/* Shared memory, for memory.c and its rows object.c and lookout.c. */
#ifndef IPC_MEMORY_INTERNAL_H
#define IPC_MEMORY_INTERNAL_H

#include "../ring/ring_internal.h"
#include "link_internal.h"

#ifdef __clang__
#pragma clang assume_nonnull begin
#endif

struct ipc_memory {
  void *base;
  size_t size;
  struct ipc_ring ring;
  bool talks;    ///< there is a conversation at the ring
  bool gone;     ///< the other end was found dead
  uint64_t last; ///< the turn of the last client: its hello stands there until the next
  struct ipc_lookout *_Nullable lookout;
};

/* object.c: what shared memory is made of */

/// Makes the server's object, and holds it.
int ipc_object_make(struct ipc_link *link);

/// Finds the client's, and maps it. Errors: ipc_local_error, ECONNREFUSED.
int ipc_object_find(struct ipc_link *link);

int ipc_object_map(struct ipc_link *link);
void ipc_object_unmap(struct ipc_link *link);

/// Takes this end's side of the rings; the server makes them new. Errors: IPC_EKIND (the object's size), EPROTO.
int ipc_object_begin(struct ipc_link *link);

/* lookout.c: a thread that looks at a descriptor while another one sleeps at a ring */

/// Whether `other` is readable: 1 or 0. With `stays`, 0 says also that a wait at the ring will be woken once it is.
int ipc_lookout_see(struct ipc_memory *memory, int extra, bool stays);

/// Looks at nothing any more.
void ipc_lookout_end(struct ipc_memory *memory);

#ifdef __clang__
#pragma clang assume_nonnull end
#endif

#endif
