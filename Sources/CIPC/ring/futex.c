/* Waiting on a word of shared memory: how often to poll it first, sleeping, and waking. */
#include "futex.h"

#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

uint32_t ipc_futex_spins(void) {
  cpu_set_t set;
  return sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 1 ? IPC_RING_SPINS : 0;
}

int ipc_futex_wait(uint32_t *word, uint32_t value, uint32_t bits, int timeout_ms) {
  struct timespec end; /* FUTEX_WAIT_BITSET takes a point in time */
  clock_gettime(CLOCK_MONOTONIC, &end);
  end.tv_sec += timeout_ms / 1000;
  end.tv_nsec += timeout_ms % 1000 * 1000000L;
  if (end.tv_nsec >= 1000000000) {
    end.tv_nsec -= 1000000000;
    end.tv_sec++;
  }
  const struct timespec *until = timeout_ms < 0 ? NULL : &end;
  /* Without FUTEX_PRIVATE_FLAG, as the waker is another process. */
  int error = (int)ipc_result(syscall(SYS_futex, word, FUTEX_WAIT_BITSET, value, until, NULL, bits));
  return error == -EAGAIN || error == -EINTR ? 0 : error;
}

void ipc_futex_wake(uint32_t *word, uint32_t events) {
  syscall(SYS_futex, word, FUTEX_WAKE_BITSET, INT_MAX, NULL, NULL, events);
}

void ipc_futex_wake_waiter(uint32_t *waiters, uint32_t event) {
  if (ipc_futex_remove(waiters, event) & event)
    ipc_futex_wake(waiters, event);
}
