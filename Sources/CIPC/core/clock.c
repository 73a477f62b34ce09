/* The monotonic clock, in milliseconds as poll(2) and epoll_wait(2) take them. */
#include "core.h"

enum { MILLISECOND = 1000000 }; /* in nanoseconds */

int64_t ipc_clock_now(void) { return ipc_ticks() / MILLISECOND; }

struct ipc_deadline ipc_clock_end(int timeout_ms) {
  return (struct ipc_deadline){timeout_ms < 0 ? -1 : ipc_ticks() + (int64_t)timeout_ms * MILLISECOND};
}

struct ipc_deadline ipc_clock_at(int64_t now) {
  return (struct ipc_deadline){now * MILLISECOND};
}

int ipc_clock_remaining(struct ipc_deadline deadline) {
  if (deadline.nanoseconds < 0)
    return -1;
  int64_t left = deadline.nanoseconds - ipc_ticks();
  return left > 0 ? (int)((left + MILLISECOND - 1) / MILLISECOND) : 0;
}

struct ipc_deadline ipc_clock_earlier(struct ipc_deadline one, struct ipc_deadline other) {
  if (one.nanoseconds < 0 || other.nanoseconds < 0)
    return one.nanoseconds < 0 ? other : one;
  return one.nanoseconds < other.nanoseconds ? one : other;
}
