/* Rings in shared memory. */
#ifndef IPC_RING_H
#define IPC_RING_H

#include "stream.h"

IPC_DECLARATIONS_BEGIN

/// Bytes of a ring: a power of two from the first to the second; and unless who makes it says otherwise.
#define IPC_RING_MIN 64
#define IPC_RING_MAX 1073741824
#define IPC_RING_DEFAULT 262144
/// Times that ipc_ring_wait() looks before it sleeps, unless its caller says otherwise: some tens of microseconds,
/// about as long as it takes to be woken.
#define IPC_RING_SPINS 2000

/// One side's hold on the rings, for one thread; its fields are private but for `spins`. Of two threads one may send
/// and one receive, each with a hold of its own. It borrows the memory.
struct ipc_ring {
  void *memory;
  uint32_t capacity, side;
  uint32_t sent, taken;      ///< outwards: bytes written, and read as far as was seen
  uint32_t received, filled; ///< inwards: bytes read, and written as far as was seen
  uint32_t half_closed;
  uint32_t spins; ///< times that ipc_ring_wait() looks before it sleeps; where there is one processor, leave it at 0
};

/// Bytes of memory for two rings of that capacity. Errors: EINVAL.
ssize_t ipc_ring_size(size_t capacity);

/// Makes empty rings of that capacity in memory of that size, whatever stands there; nobody may be at them. The memory
/// starts on a page. Errors: EINVAL.
int ipc_ring_prepare(void *memory, size_t size, size_t capacity);

/// Takes a side: 0, the first, or 1. The memory starts on a page. Errors: EINVAL (no such side), EPROTO (no rings of
/// this version, or none that fit into the size, or counts that can't be).
int ipc_ring_open(void *memory, size_t size, int side, struct ipc_ring *ring);

/// Receives at most `size` bytes; 0 is the other side's end. Errors: EAGAIN (nothing there yet), EPROTO (what the other
/// side wrote can't be: end it).
ssize_t ipc_ring_receive(struct ipc_ring *ring, void *buffer, size_t size);

/// Sends some of the bytes, at least one; returns how many. Errors: EAGAIN (the ring is full), EPIPE (the other side
/// has closed, or this one has finished), EPROTO.
ssize_t ipc_ring_send(struct ipc_ring *ring, const void *bytes, size_t length);

/// Waits for one of the events; returns those that have come, or 0 where it was woken for none of them
/// (ipc_ring_wake(), a signal): look again. Readable is a byte or the end; writable is half of the ring, so that
/// a writer is woken for something worth it; what can't be counts as all that was asked, and the next call tells. Only
/// one thread a side may wait for an event. It looks `spins` times, then sleeps once at most. A negative timeout is
/// none: but nothing here tells that the other side has died. Errors: ETIMEDOUT. As futex(2).
int ipc_ring_wait(struct ipc_ring *ring, int events, int timeout_ms);

/// Lets a wait for these events return that another thread of this side is in, or that comes next. As futex(2).
int ipc_ring_wake(const struct ipc_ring *ring, int events);

/// Half-close: the other side sees the end after all that was sent, and may still send.
int ipc_ring_half_close(struct ipc_ring *ring);

/// Finishes, and takes no more: the other side's sends are EPIPE. The memory stays.
int ipc_ring_close(struct ipc_ring *ring);

IPC_DECLARATIONS_END

#endif
