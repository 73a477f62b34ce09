/* The layout of rings. */
#ifndef IPC_RING_LAYOUT_H
#define IPC_RING_LAYOUT_H

#include "base.h"

IPC_DECLARATIONS_BEGIN

/*
 * A shared memory object for two processes, with a ring of bytes a direction; integers as the machine has them:
 *
 *   offset  bytes  what                                             who writes it
 *        0      8  IPC_RING_MAGIC                                   ipc_ring_prepare()
 *        8      4  IPC_RING_VERSION                                 ipc_ring_prepare()
 *       12      4  IPC_RING_HEADER                                  ipc_ring_prepare()
 *       16      4  capacity: bytes of each ring, a power of two     ipc_ring_prepare()
 *      128     12  the first side's bell, finished, closed          either; the first; the first
 *      256     12  the second side's bell, finished, closed         either; the second; the second
 *      384      4  bytes written from the first to the second       the first
 *      512      4  of those, bytes read                             the second
 *      640      4  bytes written from the second to the first       the second
 *      768      4  of those, bytes read                             the first
 *     4096         the ring from the first to the second: `capacity` bytes
 *      ...         the ring from the second to the first: `capacity` bytes
 *
 * What one side writes often has IPC_RING_LINE bytes to itself, two cache lines, as processors fetch pairs of them. The
 * counts run freely, modulo 2^32; byte n of a direction stands at n modulo the capacity; written less read is what the
 * ring holds. A side that has finished sends no more, one that has closed takes no more: 1, else 0.
 *
 * Bits of a bell: IPC_READABLE, IPC_WRITABLE: this side sleeps until then, in futex(2) on the bell, with those bits as
 * its bit set. Who brings that about clears the bit, and wakes. Twice shifted to the left, the same bits: a wait for
 * that is to return at once (ipc_ring_wake).
 *
 * The other side may be hostile: what it writes is read once, checked, and never trusted afterwards. It can bring about
 * -EPROTO, false bytes, an early end, silence, and waits that end early; but no access outside the rings, and no wait
 * that goes on beyond its timeout.
 */
#define IPC_RING_MAGIC 0x0A676E6952637049 /* "IpcRing\n" where the lowest byte comes first */
#define IPC_RING_VERSION 1
#define IPC_RING_HEADER 4096
#define IPC_RING_LINE 128
/// How far to the left a bell's bits of ipc_ring_wake() are shifted.
#define IPC_RING_WOKEN_SHIFT 2

/// What a side tells the other.
struct ipc_ring_side {
  uint32_t waiters, half_closed, closed;
  uint8_t padding[IPC_RING_LINE - 3 * sizeof(uint32_t)];
};

/// How far one direction has come.
struct ipc_ring_direction {
  uint32_t written;
  uint8_t padding[IPC_RING_LINE - sizeof(uint32_t)];
  uint32_t read;
  uint8_t more_padding[IPC_RING_LINE - sizeof(uint32_t)];
};

/// The head of the object.
struct ipc_ring_header {
  uint64_t magic;
  uint32_t version, header, capacity;
  uint8_t padding[IPC_RING_LINE - sizeof(uint64_t) - 3 * sizeof(uint32_t)];
  struct ipc_ring_side sides[2];
  struct ipc_ring_direction directions[2]; ///< from that side to the other
};

IPC_DECLARATIONS_END

#endif
