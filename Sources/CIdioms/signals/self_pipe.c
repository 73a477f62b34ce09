#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static int self_pipe[2] = {-1, -1};

static void write_signal(int number) {
  int saved = errno;
  unsigned char byte = (unsigned char)number;
  // A full pipe is readable, so the loop wakes anyway.
  if (write(self_pipe[1], &byte, 1) < 0)
    errno = saved;
}

/// Writes the numbers of signals into a pipe that lasts as long as the
/// process. Call it once. Returns the end for the loop, or a negative errno.
int signal_pipe(const int *signals, int count) {
  if (pipe2(self_pipe, O_CLOEXEC | O_NONBLOCK) < 0)
    return -errno;
  struct sigaction action = {
      .sa_handler = write_signal,
      .sa_flags = SA_RESTART,
  };
  sigemptyset(&action.sa_mask);
  for (int i = 0; i < count; i++)
    if (sigaction(signals[i], &action, NULL) < 0)
      return -errno;
  return self_pipe[0];
}

/// Takes one signal. Returns its number, 0 if none has arrived, or a negative
/// errno.
int take_piped_signal(int fd) {
  unsigned char number;
  ssize_t size;
  do
    size = read(fd, &number, 1);
  while (size < 0 && errno == EINTR);
  if (size < 0)
    return errno == EAGAIN ? 0 : -errno;
  return size == 0 ? -EPIPE : number;
}
