/* Rings: two byte streams, one in each direction, in memory that two processes share. ring_layout.h has the layout. */
#ifndef IPC_RING_H
#define IPC_RING_H

#include "stream.h"

IPC_DECLARATIONS_BEGIN

/// Bytes of each ring: a power of two from IPC_RING_MIN to IPC_RING_MAX.
#define IPC_RING_MIN 64
#define IPC_RING_MAX 1073741824
#define IPC_RING_DEFAULT 262144
/// How often ipc_ring_wait() polls before it sleeps: some tens of microseconds, as long as a wake-up takes.
#define IPC_RING_SPINS 2000

/// One side's handle on the rings, for one thread. Two threads need a handle each: one sends, the other receives. The
/// caller may set `spins`; the other fields are private. The memory is borrowed.
struct ipc_ring {
  void *memory;
  uint32_t capacity, side;
  uint32_t sent, taken;      ///< outgoing bytes: written, and read by the peer as far as it is known
  uint32_t received, filled; ///< incoming bytes: read, and written by the peer as far as it is known
  uint32_t half_closed;
  uint32_t spins; ///< how often ipc_ring_wait() polls before it sleeps; 0 if there is one processor
};

/// Returns the bytes of memory that two rings of this capacity need. Errors: EINVAL.
ssize_t ipc_ring_size(size_t capacity);

/// Initializes two empty rings in page-aligned memory, whatever it contains. No process may use it meanwhile. Errors:
/// EINVAL.
int ipc_ring_prepare(void *memory, size_t size, size_t capacity);

/// Opens one side, 0 or 1, of the rings in page-aligned memory. Errors: EINVAL (no such side), EPROTO (no rings of this
/// version and size, or invalid counters).
int ipc_ring_open(void *memory, size_t size, int side, struct ipc_ring *ring);

/// Receives at most `size` bytes; returns how many, or 0 at the end of the peer's stream. Errors: EAGAIN; ECONNRESET
/// (the peer failed, and all that it had sent was received); EPROTO (the peer wrote invalid counters: give the rings
/// up).
ssize_t ipc_ring_receive(struct ipc_ring *ring, void *buffer, size_t size);

/// Sends at least one of the bytes; returns how many. Errors: EAGAIN (the ring is full), EPIPE (the peer has closed, or
/// this side has half-closed), EPROTO.
ssize_t ipc_ring_send(struct ipc_ring *ring, const void *bytes, size_t length);

/// Waits for one of the events; returns those that have occurred, or 0 after a wake-up for another reason
/// (ipc_ring_wake(), a signal): call it again. Readable means a byte or the end; writable means half of the ring, so
/// that a wake-up is worth its cost. On invalid counters all requested events are returned; the next call reports
/// EPROTO. Polls `spins` times, then sleeps at most once. Only one thread of a side may wait for an event. A negative
/// timeout never expires: the caller must check that the peer is alive. Errors: ETIMEDOUT. As futex(2).
int ipc_ring_wait(struct ipc_ring *ring, int events, int timeout_ms);

/// Wakes a thread of this side that waits for these events; if there is none, its next wait returns at once. As
/// futex(2).
int ipc_ring_wake(const struct ipc_ring *ring, int events);

/// Ends the sending direction: the peer receives the end after all bytes, and can still send.
int ipc_ring_half_close(struct ipc_ring *ring);

/// Ends both directions: the peer's next send is EPIPE. The memory stays mapped.
int ipc_ring_close(struct ipc_ring *ring);

IPC_DECLARATIONS_END

#endif
