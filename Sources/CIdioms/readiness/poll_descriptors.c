#define _GNU_SOURCE

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <time.h>

static long now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int poll_until(struct pollfd *set, nfds_t count, int milliseconds) {
  long deadline = now_ms() + milliseconds;
  int ready;
  do {
    long left = deadline - now_ms();
    left = left > 0 ? left : 0;
    ready = poll(set, count, milliseconds < 0 ? -1 : (int)left);
  } while (ready < 0 && errno == EINTR);
  return ready < 0 ? -errno : ready;
}

/// Waits, and gives each entry that is ready to the handler, which may
/// change `events`, and sets `fd` to -1 to remove an entry. A negative time
/// has no end. Returns how many it gave, or a negative errno: -ETIMEDOUT if
/// none was ready in time, -EBADF if one is closed.
int poll_ready(struct pollfd *set, nfds_t count, int milliseconds,
               void (*handle)(struct pollfd *entry, bool can_read,
                              bool can_write, void *context),
               void *context) {
  int ready = poll_until(set, count, milliseconds), given = 0;
  if (ready <= 0)
    return ready < 0 ? ready : -ETIMEDOUT;
  for (nfds_t i = 0; i < count; i++)
    if (set[i].revents & POLLNVAL)
      return -EBADF;
  for (nfds_t i = 0; i < count; i++) {
    // The handler of another entry may have removed this one.
    if (set[i].revents == 0 || set[i].fd < 0)
      continue;
    // At the end POLLHUP can come alone: read(2) then returns 0. After
    // POLLERR, read(2) and write(2) return the error.
    bool can_read = set[i].revents & (POLLIN | POLLHUP | POLLERR);
    bool can_write = set[i].revents & (POLLOUT | POLLERR);
    handle(&set[i], can_read, can_write, context);
    given++;
  }
  return given;
}
