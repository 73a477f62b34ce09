/* The monotonic clock, in milliseconds as poll(2) and epoll_wait(2) take them. */
#include "core.h"

#include <time.h>

int64_t ipc_clock_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int ipc_clock_remaining(int64_t deadline) {
  if (deadline < 0)
    return -1;
  int64_t left = deadline - ipc_clock_now();
  return left > 0 ? (int)left : 0;
}
