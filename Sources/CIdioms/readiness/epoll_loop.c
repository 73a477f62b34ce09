#define _GNU_SOURCE

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <time.h>

typedef bool epoll_handler(uint64_t token, uint32_t events, void *context);

static long now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/// Adds a descriptor to an epoll instance. Its events have the token.
/// Returns 0, or a negative errno.
int epoll_watch(int epoll, int fd, uint32_t events, uint64_t token) {
  struct epoll_event event = {.events = events, .data.u64 = token};
  return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0 ? -errno : 0;
}

/// Waits for events, and gives each one to the handler until it returns
/// false. Returns 0 then, or a negative errno: -ETIMEDOUT if for a time no
/// event came. A negative time has no end.
int epoll_run(int epoll, int milliseconds, epoll_handler *handle,
              void *context) {
  struct epoll_event events[32];
  long deadline = now_ms() + milliseconds;
  for (;;) {
    // After EINTR only the rest of the time is left.
    long left = deadline - now_ms();
    left = left > 0 ? left : 0;
    int count =
        epoll_wait(epoll, events, 32, milliseconds < 0 ? -1 : (int)left);
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      return count < 0 ? -errno : -ETIMEDOUT;
    for (int i = 0; i < count; i++)
      if (!handle(events[i].data.u64, events[i].events, context))
        return 0;
    deadline = now_ms() + milliseconds;
  }
}
