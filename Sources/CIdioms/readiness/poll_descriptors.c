#define _GNU_SOURCE

#include <errno.h>
#include <poll.h>
#include <time.h>

static long now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/// Waits until a descriptor of the set is ready, at its end, or has an
/// error. Returns the index of the first one, or a negative errno:
/// -ETIMEDOUT, or -EBADF if a descriptor is closed.
int poll_first(struct pollfd *set, nfds_t count, int milliseconds) {
  long deadline = now_ms() + milliseconds;
  int ready;
  do {
    long left = deadline - now_ms();
    ready = poll(set, count, left > 0 ? (int)left : 0);
  } while (ready < 0 && errno == EINTR);
  if (ready <= 0)
    return ready < 0 ? -errno : -ETIMEDOUT;
  nfds_t first = 0;
  // At the end of a pipe POLLHUP comes alone: read(2) then returns 0.
  while (set[first].revents == 0)
    first++;
  return set[first].revents & POLLNVAL ? -EBADF : (int)first;
}
