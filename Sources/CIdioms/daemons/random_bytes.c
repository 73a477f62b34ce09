#define _GNU_SOURCE

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/random.h>

/// Fills memory with random bytes, good enough for a key. Returns 0, or a
/// negative errno.
int random_bytes(void *bytes, size_t count) {
  unsigned char *next = bytes;
  while (count > 0) {
    ssize_t n = getrandom(next, count, 0);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return -errno;
    next += n;
    count -= (size_t)n;
  }
  return 0;
}

/// Returns a random number below a limit, each with the same chance.
uint32_t random_below(uint32_t limit) {
  // The numbers that would favour small remainders are skipped.
  uint32_t skip = -limit % limit, number;
  do
    if (random_bytes(&number, sizeof number) < 0)
      abort();
  while (number < skip);
  return number % limit;
}
