/* Shared memory: one object, which is the rendezvous and holds a ring for each direction. */
#include "memory.h"

static void ipc_memory_init(struct ipc_link *link) { ipc_memory_of(link)->phase = IPC_MEMORY_IDLE; }

/* ---- The server ------------------------------------------------------------------------------------------------ */

static int ipc_memory_listen(struct ipc_link *link) {
  struct ipc_memory *memory = ipc_memory_of(link);
  int error = ipc_memory_object_create(memory);
  if (error < 0)
    return error;
  ipc_name_lock_watch(link);
  error = ipc_memory_object_map(memory);
  if (error < 0)
    ipc_memory_object_remove(memory);
  return error;
}

/// Answers a hello. No process uses the rings then: the last client has released its lock, and the next one waits for
/// its welcome. Errors: EAGAIN (there is no client).
static int welcome(struct ipc_memory *memory) {
  uint64_t ticket = ipc_handshake_find_client(&memory->link);
  if (ticket == 0 || ticket == memory->last_ticket)
    return -EAGAIN;
  int error = ipc_memory_object_open_ring(memory);
  if (error < 0) /* EPROTO: another process writes into the rings; the server retries */
    return error == -EPROTO ? -EAGAIN : error;
  memory->link.ticket = memory->last_ticket = ticket;
  return ipc_handshake_write(&memory->link, IPC_PIPE_WELCOME);
}

static int ipc_memory_accept(struct ipc_link *link, int extra, struct ipc_deadline deadline) {
  for (;;) {
    ipc_name_lock_drain(link);
    int error = welcome(ipc_memory_of(link));
    if (error != -EAGAIN)
      return error;
    error = ipc_name_lock_wait_for_change(link, -1, extra, deadline);
    if (error < 0)
      return error;
  }
}

static void ipc_memory_remove_names(struct ipc_link *link) { ipc_memory_object_remove(ipc_memory_of(link)); }

/* ---- The client ------------------------------------------------------------------------------------------------ */

static int ipc_memory_connect(struct ipc_link *link, enum ipc_link_busy busy, struct ipc_deadline deadline) {
  struct ipc_memory *memory = ipc_memory_of(link);
  int error = ipc_memory_object_find(memory);
  if (error == 0)
    error = ipc_handshake_connect(link, busy, deadline);
  if (error == 0)
    error = ipc_memory_object_open_ring(memory);
  return error == -EPROTO ? -IPC_EKIND : error;
}

/* ---- Both ------------------------------------------------------------------------------------------------------ */

static ssize_t ipc_memory_receive(struct ipc_link *link, void *buffer, size_t size) {
  struct ipc_memory *memory = ipc_memory_of(link);
  if (memory->phase == IPC_MEMORY_IDLE)
    return -ENOTCONN;
  ssize_t count = ipc_ring_receive(&memory->ring, buffer, size);
  if (count == 0 && size > 0)
    link->peer = IPC_LINK_PEER_ENDED;
  if (count == -ECONNRESET)
    link->peer = IPC_LINK_PEER_CLOSED;
  if (count == -EAGAIN && memory->phase == IPC_MEMORY_PEER_DIED)
    return -EOWNERDEAD;
  return count == -EPROTO ? -EBADMSG : count;
}

static ssize_t ipc_memory_send(struct ipc_link *link, const void *bytes, size_t length) {
  struct ipc_memory *memory = ipc_memory_of(link);
  if (memory->phase == IPC_MEMORY_IDLE)
    return -ENOTCONN;
  ssize_t count = ipc_ring_send(&memory->ring, bytes, length);
  if (count == -EAGAIN && memory->phase == IPC_MEMORY_PEER_DIED)
    return link->is_server ? -EOWNERDEAD : -EPIPE;
  return count == -EPROTO ? -EBADMSG : count;
}

static int ipc_memory_half_close(struct ipc_link *link) {
  struct ipc_memory *memory = ipc_memory_of(link);
  link->half_closed = true;
  return memory->phase == IPC_MEMORY_IDLE ? -ENOTCONN : ipc_ring_half_close(&memory->ring);
}

static int ipc_memory_disconnect(struct ipc_link *link, bool failed) {
  struct ipc_memory *memory = ipc_memory_of(link);
  ipc_poll_thread_end(memory);
  if (memory->phase != IPC_MEMORY_IDLE && failed)
    ipc_ring_reset(&memory->ring);
  else if (memory->phase != IPC_MEMORY_IDLE)
    ipc_ring_close(&memory->ring);
  memory->phase = IPC_MEMORY_IDLE;
  return 0;
}

/// Waits without rings: before or after a conversation, or only for the extra descriptor.
static int wait_without_ring(const struct ipc_link *link, int events, int extra, int timeout_ms) {
  struct ipc_name_lock_poll request = {.events = events, .in = -1, .out = -1, .extra = extra};
  return ipc_name_lock_wait(link, &request, ipc_clock_end(timeout_ms));
}

/// Checks the ring and the extra descriptor once, without sleeping. Before a sleep (0), the poll thread watches
/// `extra`.
static int check(struct ipc_memory *memory, int events, int extra, bool spins) {
  int readable = extra < 0 ? 0 : ipc_poll_thread_check(memory, extra);
  if (readable < 0)
    return readable;
  int ready = ipc_ring_wait_ready(&memory->ring, events);
  if (ready == 0 && readable == 0 && spins)
    ready = ipc_ring_wait_spin(&memory->ring, events);
  if (ready == 0 && readable == 0 && extra >= 0 && (readable = ipc_poll_thread_watch(memory, extra)) < 0)
    return readable;
  return ready | (readable ? IPC_EXTRA : 0);
}

/// Sleeps at the ring, at most for IPC_PEER_CHECK_MS at a time: the peer's death shows only in its lock.
static int wait_at_ring(struct ipc_memory *memory, int events, int extra, struct ipc_deadline deadline) {
  bool spins = extra >= 0; /* without `extra`, ipc_memory_wait() has done so */
  while (memory->phase != IPC_MEMORY_PEER_DIED) {
    int ready = check(memory, events, extra, spins);
    if (ready != 0)
      return ready;
    spins = true;
    ready = ipc_ring_wait_sleep(&memory->ring, events, ipc_name_lock_slice(deadline));
    if (ready > 0 || (ready < 0 && ready != -ETIMEDOUT))
      return ready;
    if (ready == -ETIMEDOUT && !ipc_name_lock_peer_is_alive(&memory->link)) /* 0: the poll thread woke it, or nobody */
      memory->phase = IPC_MEMORY_PEER_DIED;
    else if (ipc_clock_remaining(deadline) == 0)
      return -ETIMEDOUT;
  }
  return events;
}

/// Spins before it reads the clock, which takes longer than most answers.
static int ipc_memory_wait(struct ipc_link *link, int events, int extra, int timeout_ms) {
  struct ipc_memory *memory = ipc_memory_of(link);
  if (memory->phase == IPC_MEMORY_IDLE || !(events & (IPC_READABLE | IPC_WRITABLE)))
    return wait_without_ring(link, events, extra, timeout_ms);
  if (extra < 0 && memory->phase == IPC_MEMORY_CONNECTED) {
    int ready = ipc_ring_wait_spin(&memory->ring, events & (IPC_READABLE | IPC_WRITABLE));
    if (ready != 0)
      return ready;
  }
  return wait_at_ring(memory, events, extra, ipc_clock_end(timeout_ms));
}

static void ipc_memory_forget_extra(struct ipc_link *link) { ipc_poll_thread_end(ipc_memory_of(link)); }

static void ipc_memory_release(struct ipc_link *link) {
  struct ipc_memory *memory = ipc_memory_of(link);
  ipc_poll_thread_end(memory);
  ipc_memory_object_unmap(memory);
}

const struct ipc_link_ops ipc_memory_ops = {.size = sizeof(struct ipc_memory),
                                            .init = ipc_memory_init,
                                            .listen = ipc_memory_listen,
                                            .accept = ipc_memory_accept,
                                            .connect = ipc_memory_connect,
                                            .receive = ipc_memory_receive,
                                            .send = ipc_memory_send,
                                            .half_close = ipc_memory_half_close,
                                            .disconnect = ipc_memory_disconnect,
                                            .wait = ipc_memory_wait,
                                            .forget_extra = ipc_memory_forget_extra,
                                            .remove_names = ipc_memory_remove_names,
                                            .release = ipc_memory_release};
