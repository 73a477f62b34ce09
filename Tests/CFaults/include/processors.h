/* The processors that the calling thread may run on: sched_setaffinity(2) is not in what Swift imports of libc. */
#ifndef PROCESSORS_H
#define PROCESSORS_H

#include <sys/syscall.h>
#include <unistd.h>

/// Words of a mask for 1024 processors, as cpu_set_t has.
#define PROCESSORS_WORDS 16

/// Returns how many there are, or -1.
static inline int processors_count(void) {
  unsigned long mask[PROCESSORS_WORDS] = {0};
  int count = 0;
  if (syscall(SYS_sched_getaffinity, 0, sizeof mask, mask) < 0)
    return -1;
  for (int i = 0; i < PROCESSORS_WORDS; i++)
    count += __builtin_popcountl(mask[i]);
  return count;
}

/// Restricts the thread to the first of them. Returns 0, or -1.
static inline int processors_pin_to_one(void) {
  unsigned long mask[PROCESSORS_WORDS] = {0}, first = 0;
  if (syscall(SYS_sched_getaffinity, 0, sizeof mask, mask) < 0)
    return -1;
  for (int i = 0; i < PROCESSORS_WORDS; i++) {
    mask[i] = first ? 0 : mask[i] & -mask[i];
    first |= mask[i];
  }
  return (int)syscall(SYS_sched_setaffinity, 0, sizeof mask, mask);
}

#endif
