#define _GNU_SOURCE

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>

typedef bool epoll_handler(uint64_t token, uint32_t events, void *context);

/// Adds a descriptor to an epoll instance. Its events have the token.
/// Returns 0, or a negative errno.
int epoll_watch(int epoll, int fd, uint32_t events, uint64_t token) {
  struct epoll_event event = {.events = events, .data.u64 = token};
  return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0 ? -errno : 0;
}

/// Waits for events, and gives each one to the handler until it returns
/// false. Returns 0 then, or a negative errno: -ETIMEDOUT if no event came
/// in time.
int epoll_run(int epoll, int milliseconds, epoll_handler *handle, void *context) {
  struct epoll_event events[32];
  for (;;) {
    int count = epoll_wait(epoll, events, 32, milliseconds);
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      return count < 0 ? -errno : -ETIMEDOUT;
    for (int i = 0; i < count; i++)
      if (!handle(events[i].data.u64, events[i].events, context))
        return 0;
  }
}
