#include <errno.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

/// Returns a descriptor by which a thread wakes another one, or a negative
/// errno.
int event_counter(void) {
  int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  return fd < 0 ? -errno : fd;
}

/// Wakes the thread that waits for the descriptor. Returns 0, or a negative
/// errno. It leaves errno as it was, as a signal handler must.
int notify_event(int fd) {
  uint64_t one = 1;
  ssize_t size;
  int saved = errno;
  do
    size = write(fd, &one, sizeof one);
  while (size < 0 && errno == EINTR);
  // A full counter is readable, so the thread wakes anyway.
  int result = size < 0 && errno != EAGAIN ? -errno : 0;
  errno = saved;
  return result;
}

/// Returns the number of notifications since the last call: 0 if there was
/// none, or a negative errno.
int64_t take_events(int fd) {
  uint64_t count;
  ssize_t size;
  do
    size = read(fd, &count, sizeof count);
  while (size < 0 && errno == EINTR);
  if (size < 0)
    return errno == EAGAIN ? 0 : -errno;
  if (size != sizeof count)
    return -EIO;
  // Another process can have written any number.
  return count > INT64_MAX ? INT64_MAX : (int64_t)count;
}
