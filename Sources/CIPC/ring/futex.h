/* 32-bit words in memory that two processes share: the memory order of each access, and waiting on one with futex(2).
 */
#ifndef IPC_FUTEX_H
#define IPC_FUTEX_H

#include "../core/core.h"

#include <stdatomic.h>

#ifdef __clang__
#pragma clang assume_nonnull begin
#endif

/// Reads a word that the other side writes. Acquire: after a count of bytes written, this side also sees those bytes,
/// because the peer copied them before it published the count; after a count of bytes read, or an end, it may write
/// over them. The value can be anything: check it, and do not read it again.
static inline uint32_t ipc_futex_load(const uint32_t *word) {
  return atomic_load_explicit((const _Atomic uint32_t *)word, memory_order_acquire);
}

/// Writes a word that only this side writes. Release: the counterpart of ipc_futex_load(). With a relaxed store the
/// peer could see the count before the bytes. Sequential consistency is not needed, because ipc_futex_notify() follows.
static inline void ipc_futex_publish(uint32_t *word, uint32_t value) {
  atomic_store_explicit((_Atomic uint32_t *)word, value, memory_order_release);
}

/*
 * Why no wake-up is lost. `waiters` is a word of bits: each says that a thread sleeps until that event. The sleeper
 * sets its bit (ipc_futex_add), then reads the counts. The publisher writes a count, then modifies the same word
 * (ipc_futex_notify; it adds 0, but that is a modification). The modifications of one word have a total order.
 *
 * If the sleeper's is first, the publisher sees the bit, clears it and wakes the sleeper, which is in the kernel; or is
 * on its way there, and then the kernel finds that the word has changed, and does not let it sleep. If the publisher's
 * is first, the sleeper's modification reads from it: acquire meets release, and the sleeper then sees the new count.
 *
 * On x86-64 adding 0 compiles to a fence and a load, so the cache line stays shared.
 */

/// Sets bits of `waiters`. Returns the former value. Acquire and release: see above.
static inline uint32_t ipc_futex_add(uint32_t *waiters, uint32_t bits) {
  return atomic_fetch_or_explicit((_Atomic uint32_t *)waiters, bits, memory_order_acq_rel);
}

/// Clears bits of `waiters`. Returns the former value. Acquire and release, to keep the total order that
/// ipc_futex_add() needs.
static inline uint32_t ipc_futex_remove(uint32_t *waiters, uint32_t bits) {
  return atomic_fetch_and_explicit((_Atomic uint32_t *)waiters, ~bits, memory_order_acq_rel);
}

/// Pauses for some cycles: the other thread of this processor's core gets them, and a loop that polls memory ends
/// without a pipeline flush.
static inline void ipc_futex_relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb");
#endif
}

/// How often to poll before sleeping: IPC_RING_SPINS, or 0 if this thread may run on one processor only.
uint32_t ipc_futex_spins(void);

/// Sleeps while the word has that value, at most for the time; a negative one is no limit. Returns 0 after a wake-up
/// for one of the bits, a signal, or if the value differs: the caller then reads the counts again. Errors: ETIMEDOUT.
/// As futex(2) with FUTEX_WAIT_BITSET.
int ipc_futex_wait(uint32_t *word, uint32_t value, uint32_t bits, int timeout_ms);

/// Wakes the threads that sleep until one of the events. As futex(2) with FUTEX_WAKE_BITSET.
void ipc_futex_wake(uint32_t *word, uint32_t events);

/// Clears the event's bit and wakes its sleepers, unless another thread has just done so.
void ipc_futex_wake_waiter(uint32_t *waiters, uint32_t event);

/// Wakes the threads that sleep until this event. Call it after publishing a count or an end.
static inline void ipc_futex_notify(uint32_t *waiters, uint32_t event) {
  if (atomic_fetch_add_explicit((_Atomic uint32_t *)waiters, 0, memory_order_acq_rel) & event)
    ipc_futex_wake_waiter(waiters, event);
}

#ifdef __clang__
#pragma clang assume_nonnull end
#endif

#endif
