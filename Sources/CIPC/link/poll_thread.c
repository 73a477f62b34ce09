/* A thread that polls a descriptor while another thread sleeps at a ring.
 *
 * futex(2) can't wait for a descriptor, and poll(2) can't wait for a ring. So a wait that has to sleep starts this
 * thread, which polls the descriptor and wakes the sleeper once. Then it polls nothing until it is asked again. Answers
 * that come while a wait still spins never need the thread; bytes on the descriptor cost one more wake-up. */
#include "memory.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

enum { NO_DESCRIPTOR = -1, END = -2 };

struct ipc_poll_thread {
  pthread_t thread;
  struct ipc_ring ring; ///< to wake its sleeper
  int requests[2];      ///< a pipe: a byte, or its end, says that `extra` has changed
  /// The descriptor to poll. Acquire and release: a thread that reads NO_DESCRIPTOR also sees that `extra` was
  /// readable.
  _Atomic int extra;
};

static void *run(void *context) {
  struct ipc_poll_thread *self = context;
  for (;;) {
    int extra = atomic_load_explicit(&self->extra, memory_order_acquire), ready;
    if (extra == END)
      return NULL;
    struct pollfd set[] = {{.fd = self->requests[0], .events = POLLIN}, {.fd = extra, .events = POLLIN}};
    IPC_CALL(ready, poll(set, 2, -1));
    unsigned char bytes[16];
    if (set[0].revents)
      ipc_read(self->requests[0], bytes, sizeof bytes);
    else if (atomic_compare_exchange_strong_explicit(&self->extra, &extra, NO_DESCRIPTOR, memory_order_acq_rel,
                                                     memory_order_acquire))
      ipc_ring_wake(&self->ring, IPC_READABLE | IPC_WRITABLE);
  }
}

/// Returns whether the thread will see that `extra` has changed.
static bool request(struct ipc_poll_thread *self, int extra) {
  ssize_t count;
  atomic_store_explicit(&self->extra, extra, memory_order_release);
  IPC_CALL(count, write(self->requests[1], "", 1));
  return count == 1;
}

/// Starts the thread. If that is not possible, there is none.
static void start(struct ipc_memory *memory, int extra) {
  struct ipc_poll_thread *self = malloc(sizeof *self);
  int error;
  if (!self)
    return;
  self->ring = memory->ring;
  atomic_init(&self->extra, extra);
  IPC_CALL(error, pipe2(self->requests, O_CLOEXEC | O_NONBLOCK));
  if (error == 0 && (error = -pthread_create(&self->thread, NULL, run, self)) < 0) {
    ipc_close(self->requests[0]);
    ipc_close(self->requests[1]);
  }
  if (error < 0)
    free(self);
  else
    memory->poll_thread = self;
}

static bool polls(const struct ipc_memory *memory, int extra) {
  return memory->poll_thread && atomic_load_explicit(&memory->poll_thread->extra, memory_order_acquire) == extra;
}

int ipc_poll_thread_check(const struct ipc_memory *memory, int extra) {
  if (polls(memory, extra))
    return 0;
  int ready = ipc_wait(extra, IPC_READABLE, -1, 0);
  if (ready == -ETIMEDOUT)
    return 0;
  return ready < 0 ? ready : 1;
}

int ipc_poll_thread_watch(struct ipc_memory *memory, int extra) {
  int ready = ipc_poll_thread_check(memory, extra);
  if (ready != 0 || polls(memory, extra))
    return ready;
  if (!memory->poll_thread)
    start(memory, extra);
  else if (!request(memory->poll_thread, extra))
    ipc_poll_thread_end(memory);
  return 0;
}

void ipc_poll_thread_end(struct ipc_memory *memory) {
  struct ipc_poll_thread *self = memory->poll_thread;
  if (!self)
    return;
  memory->poll_thread = NULL;
  atomic_store_explicit(&self->extra, END, memory_order_release);
  ipc_close(self->requests[1]); /* the pipe's end is always noticed; a write could fail */
  pthread_join(self->thread, NULL);
  ipc_close(self->requests[0]);
  free(self);
}
