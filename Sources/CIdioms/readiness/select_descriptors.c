#define _GNU_SOURCE

#include <errno.h>
#include <sys/select.h>
#include <time.h>

static long now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/// Waits until one of the descriptors can be read without blocking. Returns
/// its index, or a negative errno: -ETIMEDOUT, or -EINVAL if a descriptor
/// is too large for select(2).
int select_readable(const int *fds, int count, int milliseconds) {
  long deadline = now_ms() + milliseconds;
  for (;;) {
    fd_set set;
    int highest = -1;
    FD_ZERO(&set);
    for (int i = 0; i < count; i++) {
      if (fds[i] < 0 || fds[i] >= FD_SETSIZE)
        return -EINVAL; // FD_SET would write behind the set.
      FD_SET(fds[i], &set);
      if (fds[i] > highest)
        highest = fds[i];
    }
    long left = deadline - now_ms();
    if (left < 0)
      left = 0;
    struct timeval time = {
        .tv_sec = left / 1000,
        .tv_usec = left % 1000 * 1000,
    };
    int ready = select(highest + 1, &set, NULL, NULL, &time);
    if (ready == 0)
      return -ETIMEDOUT;
    if (ready < 0 && errno != EINTR)
      return -errno;
    for (int i = 0; ready > 0 && i < count; i++)
      if (FD_ISSET(fds[i], &set))
        return i;
  }
}
