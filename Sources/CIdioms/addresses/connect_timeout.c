#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static long now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/// Waits until a connection is made or refused. Returns 0 or a negative
/// errno.
static int finish_connect(int fd, long deadline) {
  struct pollfd wait = {.fd = fd, .events = POLLOUT};
  int ready;
  do {
    long left = deadline - now_ms();
    ready = poll(&wait, 1, left > 0 ? (int)left : 0);
  } while (ready < 0 && errno == EINTR);
  if (ready <= 0)
    return ready < 0 ? -errno : -ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof error;
  if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
    return -errno;
  return -error;
}

/// Connects within a time. Returns a blocking socket, or a negative errno:
/// -ETIMEDOUT if the server does not answer in time.
int connect_within(const struct sockaddr_in *address, int milliseconds) {
  long deadline = now_ms() + milliseconds;
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0)
    return -errno;
  int result = 0;
  if (connect(fd, (const struct sockaddr *)address, sizeof *address) < 0)
    result = -errno;
  // A connect(2) that a signal interrupts continues, too.
  if (result == -EINPROGRESS || result == -EINTR)
    result = finish_connect(fd, deadline);
  if (result == 0 && fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK) < 0)
    result = -errno;
  if (result < 0) {
    close(fd);
    return result;
  }
  return fd;
}
