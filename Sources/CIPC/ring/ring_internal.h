/* The words of a ring, and the memory order of each access to them. */
#ifndef IPC_RING_INTERNAL_H
#define IPC_RING_INTERNAL_H

#include "../core/core.h"

#include <stdatomic.h>

#ifdef __clang__
#pragma clang assume_nonnull begin
#endif

/// Reads a word of the other side's. Acquire: who sees a count of bytes written also sees the bytes, which were copied
/// before it was published; who sees a count of bytes read, or an end, comes after the reading of those bytes, and may
/// write over them. The value may be anything: check it, and do not read it again.
static inline uint32_t ipc_load(const uint32_t *word) {
  return atomic_load_explicit((const _Atomic uint32_t *)word, memory_order_acquire);
}

/// Writes a word of one's own. Release: the counterpart of ipc_load(). Relaxed would let the count be seen before the
/// bytes; sequentially consistent is not needed, as ipc_bell_ring() follows.
static inline void ipc_publish(uint32_t *word, uint32_t value) {
  atomic_store_explicit((_Atomic uint32_t *)word, value, memory_order_release);
}

/*
 * No wake-up is lost. Who sleeps: changes the bell (ipc_bell_set), then looks at the counts. Who publishes: publishes,
 * then changes the same bell (ipc_bell_see; by nothing, but it is a change). Changes of one word come one after the
 * other. If the sleeper's comes first, the publisher sees its bit, clears it and wakes: it finds the sleeper in the
 * kernel; or not yet there, and then the kernel finds the bell changed, and does not let it sleep. If the publisher's
 * comes first, the sleeper's change reads from it: acquire meets release, and the look that follows sees what was
 * published. On x86-64 a change by nothing is a fence and a load: the line of the bell stays in both caches.
 */

/// Whether the other side sleeps until that event. Acquire and release: see above.
static inline bool ipc_bell_see(uint32_t *bell, uint32_t event) {
  return atomic_fetch_add_explicit((_Atomic uint32_t *)bell, 0, memory_order_acq_rel) & event;
}

/// Sets bits, and tells what the bell was. Acquire and release: see above.
static inline uint32_t ipc_bell_set(uint32_t *bell, uint32_t bits) {
  return atomic_fetch_or_explicit((_Atomic uint32_t *)bell, bits, memory_order_acq_rel);
}

/// Clears bits, and tells what the bell was. Acquire and release: as ipc_bell_set(), whose order among the changes of
/// the bell it must not break.
static inline uint32_t ipc_bell_clear(uint32_t *bell, uint32_t bits) {
  return atomic_fetch_and_explicit((_Atomic uint32_t *)bell, ~bits, memory_order_acq_rel);
}

/// Sees how much the other side has written, or read. Errors: EPROTO.
int ipc_ring_look_in(struct ipc_ring *ring);
int ipc_ring_look_out(struct ipc_ring *ring);

/// Those of the events that have come.
int ipc_ring_ready(struct ipc_ring *ring, int events);

/// The parts of ipc_ring_wait(): looks as often as `spins` says; sleeps once.
int ipc_ring_spin(struct ipc_ring *ring, int events);
int ipc_ring_sleep(struct ipc_ring *ring, int events, int timeout_ms);

/// Bytes of room for which a writer is woken.
static inline uint32_t ipc_ring_room(const struct ipc_ring *ring) { return ring->capacity / 2; }

/// Wakes who sleeps until that event, unless somebody else has meanwhile.
void ipc_bell_wake(uint32_t *bell, uint32_t event);

/// To be called after a count or an end was published, of which that side may sleep to hear.
static inline void ipc_bell_ring(struct ipc_ring_side *side, uint32_t event) {
  if (ipc_bell_see(&side->waiters, event))
    ipc_bell_wake(&side->waiters, event);
}

/// IPC_RING_SPINS, or none where this thread may run on one processor only.
uint32_t ipc_spins(void);

#ifdef __clang__
#pragma clang assume_nonnull end
#endif

#endif
