/* What ring.c and ring_wait.c share, and what a link over shared memory uses of them. */
#ifndef IPC_RING_INTERNAL_H
#define IPC_RING_INTERNAL_H

#include "../core/core.h"

#ifdef __clang__
#pragma clang assume_nonnull begin
#endif

/// Reads how much the other side has written. Errors: EPROTO (more than the ring holds, or less than before).
int ipc_ring_load_in(struct ipc_ring *ring);

/// Reads how much the other side has received. Errors: EPROTO (more than this side sent, or less than before).
int ipc_ring_load_out(struct ipc_ring *ring);

/// As ipc_ring_close(), but this side has failed: the peer's receive returns ECONNRESET after all bytes.
void ipc_ring_reset(struct ipc_ring *ring);

/// Bytes of room at which a sleeping writer is woken.
static inline uint32_t ipc_ring_room(const struct ipc_ring *ring) { return ring->capacity / 2; }

/// Returns the events of these that have happened.
int ipc_ring_wait_ready(struct ipc_ring *ring, int events);

/// The first part of ipc_ring_wait(): polls as often as `spins` says. Returns the events, or 0.
int ipc_ring_wait_spin(struct ipc_ring *ring, int events);

/// The second part of ipc_ring_wait(): sleeps once at most. Returns the events, or 0. Errors: ETIMEDOUT.
int ipc_ring_wait_sleep(struct ipc_ring *ring, int events, int timeout_ms);

#ifdef __clang__
#pragma clang assume_nonnull end
#endif

#endif
