#define _GNU_SOURCE

#include <errno.h>
#include <stdint.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

/// Returns a descriptor that becomes readable each time the milliseconds
/// have passed, or a negative errno.
int interval_timer(long milliseconds) {
  int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  if (fd < 0)
    return -errno;
  struct timespec time = {
      .tv_sec = milliseconds / 1000,
      .tv_nsec = milliseconds % 1000 * 1000000,
  };
  struct itimerspec timer = {.it_value = time, .it_interval = time};
  if (timerfd_settime(fd, 0, &timer, NULL) < 0) {
    int error = errno;
    close(fd);
    return -error;
  }
  return fd;
}

/// Returns how many times the timer expired since the last call: 0 if it
/// did not, or a negative errno.
int64_t timer_expirations(int fd) {
  uint64_t count;
  ssize_t size;
  do
    size = read(fd, &count, sizeof count);
  while (size < 0 && errno == EINTR);
  if (size < 0)
    return errno == EAGAIN ? 0 : -errno;
  return size == sizeof count ? (int64_t)count : -EIO;
}
