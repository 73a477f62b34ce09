/* How the two sides of a ring wait for each other: a word to sleep on, and who wakes. */
#include "ring_internal.h"

#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

uint32_t ipc_spins(void) {
  cpu_set_t set;
  return sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 1 ? IPC_RING_SPINS : 0;
}

/// Lets the other thread of this processor's core run, and the loop end without a penalty.
static void relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb");
#endif
}

int ipc_ring_ready(struct ipc_ring *ring, int events) {
  struct ipc_ring_side *peer = &((struct ipc_ring_header *)ring->memory)->sides[1 - ring->side];
  int come = 0;
  if (events & IPC_READABLE) {
    uint32_t half_closed = ipc_load(&peer->half_closed);
    if (ipc_ring_look_in(ring) < 0 || half_closed || ring->filled != ring->received)
      come |= IPC_READABLE;
  }
  if (events & IPC_WRITABLE) {
    uint32_t closed = ipc_load(&peer->closed);
    if (ipc_ring_look_out(ring) < 0 || closed || ring->half_closed ||
        ring->capacity - (ring->sent - ring->taken) >= ipc_ring_room(ring))
      come |= IPC_WRITABLE;
  }
  return come;
}

/// Sleeps while the bell has that value; a signal ends it, as the caller looks then. Without FUTEX_PRIVATE_FLAG, as the
/// waker is another process.
static int doze(uint32_t *bell, uint32_t value, int events, int timeout_ms) {
  struct timespec end;
  clock_gettime(CLOCK_MONOTONIC, &end); /* a bit set's time is a moment */
  end.tv_sec += timeout_ms / 1000;
  end.tv_nsec += timeout_ms % 1000 * 1000000L;
  if (end.tv_nsec >= 1000000000) {
    end.tv_nsec -= 1000000000;
    end.tv_sec++;
  }
  const struct timespec *until = timeout_ms < 0 ? NULL : &end;
  int error = (int)ipc_result(syscall(SYS_futex, bell, FUTEX_WAIT_BITSET, value, until, NULL, events));
  return error == -EAGAIN || error == -EINTR ? 0 : error;
}

/// What is there at the first look came since the caller's: the other side is writing right now, and each look takes
/// from it the line that it writes. It is left to write a few messages more.
int ipc_ring_spin(struct ipc_ring *ring, int events) {
  enum { FEW = 8 };
  int come = ipc_ring_ready(ring, events);
  if (come == IPC_READABLE && ring->spins > 0)
    for (int i = 0; i < FEW; i++)
      relax();
  for (uint32_t spins = ring->spins; come == 0 && spins > 0; spins--) {
    relax();
    come = ipc_ring_ready(ring, events);
  }
  return come;
}

int ipc_ring_wait(struct ipc_ring *ring, int events, int timeout_ms) {
  events &= IPC_READABLE | IPC_WRITABLE;
  if (events == 0)
    return -EINVAL;
  int come = ipc_ring_spin(ring, events);
  return come ? come : ipc_ring_sleep(ring, events, timeout_ms);
}

int ipc_ring_sleep(struct ipc_ring *ring, int events, int timeout_ms) {
  uint32_t *bell = &((struct ipc_ring_header *)ring->memory)->sides[ring->side].waiters;
  uint32_t mine = (uint32_t)events | (uint32_t)events << IPC_RING_WOKEN_SHIFT;
  uint32_t before = ipc_bell_set(bell, (uint32_t)events);
  int come = ipc_ring_ready(ring, events);
  int result = 0;
  if (come == 0 && (before & mine & ~(uint32_t)events) == 0)
    result = doze(bell, before | (uint32_t)events, events, timeout_ms);
  ipc_bell_clear(bell, mine);
  if (come == 0)
    come = ipc_ring_ready(ring, events);
  return come ? come : result;
}

void ipc_bell_wake(uint32_t *bell, uint32_t event) {
  if (ipc_bell_clear(bell, event) & event)
    syscall(SYS_futex, bell, FUTEX_WAKE_BITSET, INT_MAX, NULL, NULL, event);
}

int ipc_ring_wake(const struct ipc_ring *ring, int events) {
  events &= IPC_READABLE | IPC_WRITABLE;
  if (events == 0)
    return -EINVAL;
  uint32_t *bell = &((struct ipc_ring_header *)ring->memory)->sides[ring->side].waiters;
  ipc_bell_set(bell, (uint32_t)events << IPC_RING_WOKEN_SHIFT);
  syscall(SYS_futex, bell, FUTEX_WAKE_BITSET, INT_MAX, NULL, NULL, events);
  return 0;
}
