#define _GNU_SOURCE

#include <errno.h>
#include <stddef.h>
#include <sys/select.h>
#include <time.h>

enum { SELECT_READ = 1, SELECT_WRITE = 2 };

/// What a loop waits for: all zero at first.
struct select_interest {
  fd_set readers, writers;
  int limit; /* larger than each descriptor */
};

static long now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/// Replaces what the loop waits for at a descriptor: SELECT_READ,
/// SELECT_WRITE, both, or 0 before it is closed. Returns 0, or -EINVAL if
/// the descriptor is too large for select(2).
int select_watch(struct select_interest *interest, int fd, int events) {
  if (fd < 0 || fd >= FD_SETSIZE)
    return -EINVAL; // FD_SET would write behind the set.
  FD_CLR(fd, &interest->readers);
  FD_CLR(fd, &interest->writers);
  if (events & SELECT_READ)
    FD_SET(fd, &interest->readers);
  if (events & SELECT_WRITE)
    FD_SET(fd, &interest->writers);
  if (fd >= interest->limit)
    interest->limit = fd + 1;
  return 0;
}

/// Waits, and gives each descriptor that is ready to the handler, which may
/// change what the loop waits for. A negative time has no end. Returns how
/// many it gave, or a negative errno: -ETIMEDOUT if none was ready in time.
int select_ready(struct select_interest *interest, int milliseconds,
                 void (*handle)(int fd, int events, void *context),
                 void *context) {
  long deadline = now_ms() + milliseconds;
  fd_set readers, writers;
  int limit, ready, count = 0;
  do {
    // select(2) changes its sets, and on Linux the time, too.
    readers = interest->readers, writers = interest->writers;
    limit = interest->limit;
    long left = deadline - now_ms();
    left = left > 0 ? left : 0;
    struct timeval time = {left / 1000, left % 1000 * 1000};
    ready = select(limit, &readers, &writers, NULL,
                   milliseconds < 0 ? NULL : &time);
  } while (ready < 0 && errno == EINTR);
  if (ready <= 0)
    return ready < 0 ? -errno : -ETIMEDOUT;
  for (int fd = 0; fd < limit; fd++) {
    int events = 0;
    // The handler of another descriptor may have stopped waiting for this.
    if (FD_ISSET(fd, &readers) && FD_ISSET(fd, &interest->readers))
      events |= SELECT_READ;
    if (FD_ISSET(fd, &writers) && FD_ISSET(fd, &interest->writers))
      events |= SELECT_WRITE;
    if (events == 0)
      continue;
    handle(fd, events, context);
    count++;
  }
  return count;
}
