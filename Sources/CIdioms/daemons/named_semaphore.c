#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <semaphore.h>
#include <time.h>

/// Opens a semaphore that processes share, such as "/slots". The first
/// process creates it, with a count. Returns NULL on error, and errno is set.
sem_t *open_slots(const char *name, unsigned count) {
  sem_t *slots = sem_open(name, O_CREAT, 0600, count);
  return slots == SEM_FAILED ? NULL : slots;
}

/// Takes a slot, and waits for one. Returns 0, or a negative errno:
/// -ETIMEDOUT if there was none for so long.
int take_slot(sem_t *slots, int seconds) {
  struct timespec end;
  clock_gettime(CLOCK_REALTIME, &end);
  end.tv_sec += seconds;
  while (sem_timedwait(slots, &end) < 0)
    if (errno != EINTR)
      return -errno;
  return 0;
}

/// Gives a slot back. Returns 0, or a negative errno.
int give_slot(sem_t *slots) { return sem_post(slots) < 0 ? -errno : 0; }
