/* How the two sides of a ring wait for each other: they poll its counts for a while, then sleep on a word of bits. */
#include "ring_internal.h"

#include "futex.h"

int ipc_ring_wait_ready(struct ipc_ring *ring, int events) {
  struct ipc_ring_side *peer = &((struct ipc_ring_header *)ring->memory)->sides[1 - ring->side];
  int ready = 0;
  if (events & IPC_READABLE) {
    uint32_t half_closed = ipc_futex_load(&peer->half_closed);
    if (ipc_ring_load_in(ring) < 0 || half_closed || ring->filled != ring->received)
      ready |= IPC_READABLE;
  }
  if (events & IPC_WRITABLE) {
    uint32_t closed = ipc_futex_load(&peer->closed);
    if (ipc_ring_load_out(ring) < 0 || closed || ring->half_closed ||
        ring->capacity - (ring->sent - ring->taken) >= ipc_ring_room(ring))
      ready |= IPC_WRITABLE;
  }
  return ready;
}

/// If there is input at the first poll, it came since the caller's last receive: the peer is writing right now, and
/// each poll takes from it the cache line that it writes. A short pause lets it write some more messages.
int ipc_ring_wait_spin(struct ipc_ring *ring, int events) {
  enum { PAUSES = 8 };
  int ready = ipc_ring_wait_ready(ring, events);
  if (ready == IPC_READABLE && ring->spins > 0)
    for (int i = 0; i < PAUSES; i++)
      ipc_futex_relax();
  for (uint32_t spins = ring->spins; ready == 0 && spins > 0; spins--) {
    ipc_futex_relax();
    ready = ipc_ring_wait_ready(ring, events);
  }
  return ready;
}

int ipc_ring_wait_sleep(struct ipc_ring *ring, int events, int timeout_ms) {
  uint32_t *waiters = &((struct ipc_ring_header *)ring->memory)->sides[ring->side].waiters;
  uint32_t asleep = (uint32_t)events, woken = asleep << IPC_RING_WOKEN_SHIFT;
  uint32_t before = ipc_futex_add(waiters, asleep);
  int ready = ipc_ring_wait_ready(ring, events);
  int result = 0;
  if (ready == 0 && (before & woken) == 0)
    result = ipc_futex_wait(waiters, before | asleep, asleep, timeout_ms);
  ipc_futex_remove(waiters, asleep | woken);
  if (ready == 0)
    ready = ipc_ring_wait_ready(ring, events);
  return ready ? ready : result;
}

int ipc_ring_wait(struct ipc_ring *ring, int events, int timeout_ms) {
  events &= IPC_READABLE | IPC_WRITABLE;
  if (events == 0)
    return -EINVAL;
  int ready = ipc_ring_wait_spin(ring, events);
  return ready ? ready : ipc_ring_wait_sleep(ring, events, timeout_ms);
}

int ipc_ring_wake(const struct ipc_ring *ring, int events) {
  events &= IPC_READABLE | IPC_WRITABLE;
  if (events == 0)
    return -EINVAL;
  uint32_t *waiters = &((struct ipc_ring_header *)ring->memory)->sides[ring->side].waiters;
  ipc_futex_add(waiters, (uint32_t)events << IPC_RING_WOKEN_SHIFT);
  ipc_futex_wake(waiters, (uint32_t)events);
  return 0;
}
