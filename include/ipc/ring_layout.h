/* The layout of the rings' memory, for programs that implement a side on their own. */
#ifndef IPC_RING_LAYOUT_H
#define IPC_RING_LAYOUT_H

#include "base.h"

IPC_DECLARATIONS_BEGIN

/*
 * Integers are in the machine's byte order.
 *
 *   offset  bytes  contents                                            written by
 *        0      8  IPC_RING_MAGIC                                      ipc_ring_prepare()
 *        8      4  IPC_RING_VERSION                                    ipc_ring_prepare()
 *       12      4  IPC_RING_HEADER                                     ipc_ring_prepare()
 *       16      4  capacity: bytes of each ring, a power of two        ipc_ring_prepare()
 *      128     12  side 0: waiters, half_closed, closed                both sides; side 0; side 0
 *      256     12  side 1: waiters, half_closed, closed                both sides; side 1; side 1
 *      384      4  count of bytes written from side 0 to side 1        side 0
 *      512      4  count of those bytes that were read                 side 1
 *      640      4  count of bytes written from side 1 to side 0        side 1
 *      768      4  count of those bytes that were read                 side 0
 *     4096         the ring from side 0 to side 1: `capacity` bytes    side 0
 *      ...         the ring from side 1 to side 0: `capacity` bytes    side 1
 *
 * Counts wrap around at 2^32. Byte n of a direction is stored at n modulo the capacity; the ring holds the bytes
 * written less those read. half_closed is 1 after a side's last byte, or IPC_RING_RESET if that side failed before it
 * had sent all; closed is 1 after its last read; both start as 0. Words that one side writes often have IPC_RING_LINE
 * bytes for themselves: two cache lines, since processors prefetch pairs.
 *
 * `waiters` holds the events for which its side sleeps in futex(2): IPC_READABLE, IPC_WRITABLE, which are also the bit
 * set of the futex. The peer that causes an event clears its bit and wakes the side. The same bits shifted left by
 * IPC_RING_WOKEN_SHIFT make the next wait for that event return at once (ipc_ring_wake()).
 *
 * A side does not trust the other one: it reads each word once, checks it, and then uses its own copy. A hostile peer
 * can cause EPROTO, wrong bytes, an early end, silence and early wake-ups; it can't cause an access outside the rings
 * or a wait beyond its timeout.
 */
#define IPC_RING_MAGIC 0x0A676E6952637049 /* "IpcRing\n" in little-endian order */
#define IPC_RING_VERSION 1
#define IPC_RING_HEADER 4096
#define IPC_RING_LINE 128
/// See `half_closed` above.
#define IPC_RING_RESET 2
/// See `waiters` above.
#define IPC_RING_WOKEN_SHIFT 2

/// The words of one side.
struct ipc_ring_side {
  uint32_t waiters, half_closed, closed;
  uint8_t padding[IPC_RING_LINE - 3 * sizeof(uint32_t)];
};

/// The counts of one direction.
struct ipc_ring_direction {
  uint32_t written;
  uint8_t padding[IPC_RING_LINE - sizeof(uint32_t)];
  uint32_t read;
  uint8_t more_padding[IPC_RING_LINE - sizeof(uint32_t)];
};

/// The first bytes of the memory.
struct ipc_ring_header {
  uint64_t magic;
  uint32_t version, header, capacity;
  uint8_t padding[IPC_RING_LINE - sizeof(uint64_t) - 3 * sizeof(uint32_t)];
  struct ipc_ring_side sides[2];
  struct ipc_ring_direction directions[2]; ///< from side 0, and from side 1
};

IPC_DECLARATIONS_END

#endif
