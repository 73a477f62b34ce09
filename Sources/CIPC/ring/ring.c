/* Two rings of bytes, one for each direction, in memory that two processes share: prepare, open, receive and send,
 * half-close, close. ring_wait.c has how the sides wait for each other. */
#include "ring_internal.h"

#include "futex.h"

_Static_assert(offsetof(struct ipc_ring_header, capacity) == 16, "as in ipc/ring_layout.h");
_Static_assert(offsetof(struct ipc_ring_header, sides) == IPC_RING_LINE, "as in ipc/ring_layout.h");
_Static_assert(offsetof(struct ipc_ring_header, directions) == 3 * IPC_RING_LINE, "as in ipc/ring_layout.h");
_Static_assert(sizeof(struct ipc_ring_header) == 7 * IPC_RING_LINE, "as in ipc/ring_layout.h");
_Static_assert(sizeof(struct ipc_ring_header) <= IPC_RING_HEADER, "the rings follow the header");
_Static_assert(sizeof(_Atomic uint32_t) == sizeof(uint32_t), "a word of the memory is used as an atomic");
_Static_assert(ATOMIC_INT_LOCK_FREE == 2, "a lock would not be in the shared memory");

static bool is_capacity(size_t capacity) {
  return capacity >= IPC_RING_MIN && capacity <= IPC_RING_MAX && (capacity & (capacity - 1)) == 0;
}

ssize_t ipc_ring_size(size_t capacity) {
  return is_capacity(capacity) ? (ssize_t)(IPC_RING_HEADER + 2 * capacity) : -EINVAL;
}

int ipc_ring_prepare(void *memory, size_t size, size_t capacity) {
  ssize_t needed = ipc_ring_size(capacity);
  if (needed < 0 || size < (size_t)needed)
    return -EINVAL;
  struct ipc_ring_header *header = memory;
  *header = (struct ipc_ring_header){
      .magic = IPC_RING_MAGIC, .version = IPC_RING_VERSION, .header = IPC_RING_HEADER, .capacity = (uint32_t)capacity};
  return 0;
}

int ipc_ring_open(void *memory, size_t size, int side, struct ipc_ring *ring) {
  if (side != 0 && side != 1)
    return -EINVAL;
  if (size < sizeof(struct ipc_ring_header))
    return -EPROTO;
  struct ipc_ring_header *header = memory;
  size_t capacity = ipc_futex_load(&header->capacity);
  if (header->magic != IPC_RING_MAGIC || header->version != IPC_RING_VERSION || header->header != IPC_RING_HEADER ||
      !is_capacity(capacity) || size < IPC_RING_HEADER + 2 * capacity)
    return -EPROTO;
  const struct ipc_ring_direction *out = &header->directions[side], *in = &header->directions[1 - side];
  *ring = (struct ipc_ring){.memory = memory,
                            .capacity = (uint32_t)capacity,
                            .side = (uint32_t)side,
                            .sent = ipc_futex_load(&out->written),
                            .taken = ipc_futex_load(&out->read),
                            .received = ipc_futex_load(&in->read),
                            .filled = ipc_futex_load(&in->written),
                            .half_closed = ipc_futex_load(&header->sides[side].half_closed),
                            .spins = ipc_futex_spins()};
  return ring->sent - ring->taken > capacity || ring->filled - ring->received > capacity ? -EPROTO : 0;
}

/// The start of the ring that `side` writes.
static unsigned char *data(const struct ipc_ring *ring, uint32_t side) {
  return (unsigned char *)ring->memory + IPC_RING_HEADER + (size_t)side * ring->capacity;
}

/// Bytes of a ring, which may wrap around: `first` of them from `start` on, the rest from the ring's beginning.
struct pieces {
  size_t start, first, rest;
};

static struct pieces pieces(const struct ipc_ring *ring, uint32_t position, size_t count) {
  size_t start = position & (ring->capacity - 1), straight = ring->capacity - start;
  size_t first = count < straight ? count : straight;
  return (struct pieces){start, first, count - first};
}

int ipc_ring_load_in(struct ipc_ring *ring) {
  const struct ipc_ring_header *header = ring->memory;
  uint32_t filled = ipc_futex_load(&header->directions[1 - ring->side].written);
  uint32_t waiting = filled - ring->received;
  if (waiting > ring->capacity || waiting < ring->filled - ring->received)
    return -EPROTO;
  ring->filled = filled;
  return 0;
}

int ipc_ring_load_out(struct ipc_ring *ring) {
  const struct ipc_ring_header *header = ring->memory;
  uint32_t taken = ipc_futex_load(&header->directions[ring->side].read);
  if (ring->sent - taken > ring->sent - ring->taken)
    return -EPROTO;
  ring->taken = taken;
  return 0;
}

/// Returns 0 at the end; or the bytes that came before the end was seen. Errors: EAGAIN, ECONNRESET, EPROTO.
static ssize_t receive_when_empty(struct ipc_ring *ring) {
  const struct ipc_ring_header *header = ring->memory;
  uint32_t half_closed = ipc_futex_load(&header->sides[1 - ring->side].half_closed);
  if (half_closed == 0)
    return -EAGAIN;
  if (half_closed != 1 && half_closed != IPC_RING_RESET)
    return -EPROTO;
  int error = ipc_ring_load_in(ring); /* the peer wrote its last bytes before it half-closed */
  ssize_t count = ring->filled - ring->received;
  if (error < 0 || count > 0)
    return error < 0 ? error : count;
  return half_closed == IPC_RING_RESET ? -ECONNRESET : 0;
}

ssize_t ipc_ring_receive(struct ipc_ring *ring, void *buffer, size_t size) {
  struct ipc_ring_header *header = ring->memory;
  size_t count = ring->filled - ring->received;
  if (count < size) {
    int error = ipc_ring_load_in(ring);
    if (error < 0)
      return error;
    count = ring->filled - ring->received;
    if (count == 0) {
      ssize_t late = receive_when_empty(ring);
      if (late <= 0)
        return late;
      count = (size_t)late;
    }
  }
  count = count < size ? count : size;
  if (count == 0)
    return 0;
  const unsigned char *bytes = data(ring, 1 - ring->side);
  struct pieces from = pieces(ring, ring->received, count);
  memcpy(buffer, bytes + from.start, from.first);
  if (from.rest > 0)
    memcpy((unsigned char *)buffer + from.first, bytes, from.rest);
  ring->received += (uint32_t)count;
  ipc_futex_publish(&header->directions[1 - ring->side].read, ring->received);
  /* `filled` is at most what the peer has written, so this room is at least what the peer sees. */
  if (ring->capacity - (ring->filled - ring->received) >= ipc_ring_room(ring))
    ipc_futex_notify(&header->sides[1 - ring->side].waiters, IPC_WRITABLE);
  return (ssize_t)count;
}

ssize_t ipc_ring_send(struct ipc_ring *ring, const void *bytes, size_t length) {
  struct ipc_ring_header *header = ring->memory;
  struct ipc_ring_side *peer = &header->sides[1 - ring->side];
  if (ring->half_closed || ipc_futex_load(&peer->closed))
    return -EPIPE;
  size_t room = ring->capacity - (ring->sent - ring->taken);
  if (room < length) {
    int error = ipc_ring_load_out(ring);
    if (error < 0)
      return error;
    room = ring->capacity - (ring->sent - ring->taken);
    if (room == 0)
      return -EAGAIN;
  }
  size_t count = length < room ? length : room;
  if (count == 0)
    return 0;
  unsigned char *ours = data(ring, ring->side);
  struct pieces to = pieces(ring, ring->sent, count);
  memcpy(ours + to.start, bytes, to.first);
  if (to.rest > 0)
    memcpy(ours, (const unsigned char *)bytes + to.first, to.rest);
  ring->sent += (uint32_t)count;
  ipc_futex_publish(&header->directions[ring->side].written, ring->sent);
  ipc_futex_notify(&peer->waiters, IPC_READABLE);
  return (ssize_t)count;
}

/// Ends the sending direction with the value of `half_closed` that says how.
static void end_sending(struct ipc_ring *ring, uint32_t how) {
  struct ipc_ring_header *header = ring->memory;
  ring->half_closed = 1;
  ipc_futex_publish(&header->sides[ring->side].half_closed, how);
  ipc_futex_notify(&header->sides[1 - ring->side].waiters, IPC_READABLE);
}

static void end_receiving(struct ipc_ring *ring) {
  struct ipc_ring_header *header = ring->memory;
  ipc_futex_publish(&header->sides[ring->side].closed, 1);
  ipc_futex_notify(&header->sides[1 - ring->side].waiters, IPC_WRITABLE);
}

int ipc_ring_half_close(struct ipc_ring *ring) {
  end_sending(ring, 1);
  return 0;
}

int ipc_ring_close(struct ipc_ring *ring) {
  end_receiving(ring);
  end_sending(ring, 1);
  return 0;
}

void ipc_ring_reset(struct ipc_ring *ring) {
  end_receiving(ring);
  end_sending(ring, IPC_RING_RESET);
}
