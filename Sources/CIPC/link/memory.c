/* Shared memory: one object, which is its own lobby, with a ring a direction. */
#include "memory.h"

#include <sys/mman.h>

/* ---- The server ------------------------------------------------------------------------------------------------ */

int ipc_memory_listen(struct ipc_link *link) {
  int error = ipc_object_make(link);
  if (error < 0)
    return error;
  if ((link->watch = ipc_hold_watch(link->lobby)) < 0)
    error = link->watch;
  if (error == 0)
    error = ipc_object_map(link);
  if (error < 0)
    ipc_memory_remove(link);
  return error;
}

/// Answers a hello. Nobody else is at the rings then: the last client has given up its turn, and the next waits for its
/// welcome. Errors: EAGAIN (there is none, or it is gone).
static int welcome(struct ipc_link *link) {
  uint64_t word = ipc_fifo_word(link, false), turn = word >> 3;
  if ((word & 7) != IPC_PIPE_HELLO || turn == link->memory->last || !ipc_hold_has_turn(link->lobby, turn))
    return -EAGAIN;
  int error = ipc_object_begin(link);
  if (error < 0) /* somebody writes there: it is tried again */
    return error == -EPROTO ? -EAGAIN : error;
  link->turn = link->memory->last = turn;
  return ipc_fifo_tell(link, turn, IPC_PIPE_WELCOME);
}

int ipc_memory_accept(struct ipc_link *link, int extra, int64_t deadline) {
  for (;;) {
    ipc_hold_clear(link->watch);
    int error = welcome(link);
    if (error != -EAGAIN)
      return error;
    if ((error = ipc_link_pause(link, -1, extra, deadline)) < 0)
      return error;
  }
}

void ipc_memory_remove(struct ipc_link *link) {
  if (ipc_hold_has_name(link->lobby))
    shm_unlink(link->endpoint.name);
}

/* ---- The client ------------------------------------------------------------------------------------------------ */

int ipc_memory_connect(struct ipc_link *link, bool waits, int64_t deadline) {
  int error = ipc_object_find(link);
  if (error < 0)
    return error;
  error = ipc_fifo_greet(link, waits, deadline);
  if (error == 0)
    error = ipc_object_begin(link);
  return error == -EPROTO ? -IPC_EKIND : error;
}

/* ---- Both ------------------------------------------------------------------------------------------------------ */

bool ipc_memory_talks(const struct ipc_link *link) { return link->memory && link->memory->talks; }

ssize_t ipc_memory_receive(struct ipc_link *link, void *buffer, size_t size) {
  if (!ipc_memory_talks(link))
    return -ENOTCONN;
  ssize_t count = ipc_ring_receive(&link->memory->ring, buffer, size);
  link->ended = count == 0 && size > 0;
  if (count == -EAGAIN && link->memory->gone)
    return -EOWNERDEAD;
  return count == -EPROTO ? -EBADMSG : count;
}

ssize_t ipc_memory_send(struct ipc_link *link, const void *bytes, size_t length) {
  if (!ipc_memory_talks(link))
    return -ENOTCONN;
  ssize_t count = ipc_ring_send(&link->memory->ring, bytes, length);
  if (count == -EAGAIN && link->memory->gone)
    return link->serves ? -EOWNERDEAD : -EPIPE;
  return count == -EPROTO ? -EBADMSG : count;
}

int ipc_memory_finish(struct ipc_link *link) {
  link->half_closed = true;
  return ipc_memory_talks(link) ? ipc_ring_half_close(&link->memory->ring) : -ENOTCONN;
}

int ipc_memory_leave(struct ipc_link *link) {
  ipc_memory_look_away(link);
  int error = ipc_memory_talks(link) ? ipc_ring_close(&link->memory->ring) : 0;
  if (link->memory)
    link->memory->talks = false;
  return error;
}

int ipc_memory_spin(struct ipc_link *link, int events) {
  return link->memory->gone ? 0 : ipc_ring_wait_spin(&link->memory->ring, events);
}

/// Sleeps at the ring, no longer than IPC_PEER_CHECK_MS at a time: nothing there tells that the other end has died, its
/// lock does.
int ipc_memory_wait(struct ipc_link *link, int events, int extra, int64_t deadline) {
  struct ipc_memory *memory = link->memory;
  bool spun = extra < 0; /* before the clock */
  while (!memory->gone) {
    int seen = extra < 0 ? 0 : ipc_lookout_see(memory, extra, false);
    if (seen < 0)
      return seen;
    int come = ipc_ring_wait_ready(&memory->ring, events);
    if (come == 0 && seen == 0 && !spun)
      come = ipc_ring_wait_spin(&memory->ring, events);
    spun = false;
    if (come == 0 && seen == 0 && extra >= 0 && (seen = ipc_lookout_see(memory, extra, true)) < 0)
      return seen;
    if (come != 0 || seen != 0)
      return come | (seen ? IPC_EXTRA : 0);
    int left = ipc_link_slice(deadline);
    come = ipc_ring_wait_sleep(&memory->ring, events, left);
    if (come > 0 || (come < 0 && come != -ETIMEDOUT))
      return come;
    if (come == -ETIMEDOUT) /* else the lookout has woken it, or somebody without a reason */
      memory->gone = !ipc_link_lives(link);
    if (!memory->gone && deadline >= 0 && ipc_clock_remaining(deadline) == 0)
      return -ETIMEDOUT;
  }
  return events;
}

void ipc_memory_look_away(struct ipc_link *link) {
  if (link->memory)
    ipc_lookout_end(link->memory);
}

void ipc_memory_drop(struct ipc_link *link) {
  if (!link->memory)
    return;
  ipc_memory_look_away(link);
  ipc_object_unmap(link);
}
