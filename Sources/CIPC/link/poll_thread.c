/* A lookout. Who waits at a ring sleeps in futex(2), which no descriptor ends; who polls a descriptor is not woken by a
 * ring. So a second thread polls, and wakes the first. It is started when a wait has to sleep, not before: who is
 * answered while it spins never has one. It tells once, and then looks at nothing until it is asked again. What comes
 * from the ring, which is most, goes past it; what comes on the descriptor costs one wake-up more. */
#include "memory.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

enum { NOTHING = -1, END = -2 };

struct ipc_lookout {
  pthread_t thread;
  struct ipc_ring ring; ///< for its bell only
  int asked[2];         ///< a pipe: `other` has another value
  /// The descriptor that is looked at. Acquire and release: who sees that it was told of comes after the look.
  _Atomic int extra;
};

static void *look(void *context) {
  struct ipc_lookout *lookout = context;
  for (;;) {
    int extra = atomic_load_explicit(&lookout->extra, memory_order_acquire), ready;
    if (extra == END)
      return NULL;
    struct pollfd set[] = {{.fd = lookout->asked[0], .events = POLLIN}, {.fd = extra, .events = POLLIN}};
    IPC_CALL(ready, poll(set, 2, -1));
    unsigned char bytes[16];
    if (set[0].revents)
      ipc_read(lookout->asked[0], bytes, sizeof bytes);
    else if (atomic_compare_exchange_strong_explicit(&lookout->extra, &extra, NOTHING, memory_order_acq_rel,
                                                     memory_order_acquire))
      ipc_ring_wake(&lookout->ring, IPC_READABLE | IPC_WRITABLE);
  }
}

static void ask(struct ipc_lookout *lookout, int extra) {
  ssize_t count;
  atomic_store_explicit(&lookout->extra, extra, memory_order_release);
  IPC_CALL(count, write(lookout->asked[1], "", 1)); /* one that is full was asked already */
  (void)count;
}

static int start(struct ipc_memory *memory, int extra) {
  struct ipc_lookout *lookout = malloc(sizeof *lookout);
  int error;
  if (!lookout)
    return -ENOMEM;
  lookout->ring = memory->ring;
  atomic_init(&lookout->extra, extra);
  IPC_CALL(error, pipe2(lookout->asked, O_CLOEXEC | O_NONBLOCK));
  if (error == 0 && (error = -pthread_create(&lookout->thread, NULL, look, lookout)) < 0) {
    ipc_close(lookout->asked[0]);
    ipc_close(lookout->asked[1]);
  }
  if (error < 0)
    free(lookout);
  else
    memory->lookout = lookout;
  return error;
}

int ipc_lookout_see(struct ipc_memory *memory, int extra, bool stays) {
  struct ipc_lookout *lookout = memory->lookout;
  if (lookout && atomic_load_explicit(&lookout->extra, memory_order_acquire) == extra)
    return 0;
  int ready = ipc_wait(extra, IPC_READABLE, -1, 0);
  if (ready != -ETIMEDOUT)
    return ready < 0 ? ready : 1;
  if (stays && !lookout)
    return start(memory, extra);
  if (stays)
    ask(lookout, extra);
  return 0;
}

void ipc_lookout_end(struct ipc_memory *memory) {
  struct ipc_lookout *lookout = memory->lookout;
  if (!lookout)
    return;
  memory->lookout = NULL;
  ask(lookout, END);
  pthread_join(lookout->thread, NULL);
  ipc_close(lookout->asked[0]);
  ipc_close(lookout->asked[1]);
  free(lookout);
}
