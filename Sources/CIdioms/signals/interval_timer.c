#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/time.h>
#include <unistd.h>

static volatile sig_atomic_t expired;

static void note_expiry(int number) {
  (void)number;
  expired = true;
}

/// Reads once, and waits no longer than a time above 0. Returns the number
/// of bytes, 0 at the end, or a negative errno: -ETIMEDOUT if no byte came.
/// Only for programs with one thread.
ssize_t read_before(int fd, void *buffer, size_t size, long milliseconds) {
  struct sigaction action = {.sa_handler = note_expiry}, before;
  sigemptyset(&action.sa_mask);
  // Without SA_RESTART, the signal interrupts read(2).
  if (sigaction(SIGALRM, &action, &before) < 0)
    return -errno;
  expired = false;
  struct itimerval timer = {
      // The first signal can come before read(2) starts: repeat it.
      .it_interval = {.tv_usec = 10000},
      .it_value = {milliseconds / 1000, milliseconds % 1000 * 1000},
  };
  setitimer(ITIMER_REAL, &timer, NULL);
  ssize_t count;
  do
    count = read(fd, buffer, size);
  while (count < 0 && errno == EINTR && !expired);
  int error = errno;
  timer = (struct itimerval){0};
  setitimer(ITIMER_REAL, &timer, NULL);
  sigaction(SIGALRM, &before, NULL);
  if (count < 0)
    return error == EINTR ? -ETIMEDOUT : -error;
  return count;
}
