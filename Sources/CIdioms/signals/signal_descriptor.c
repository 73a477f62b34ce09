#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

/// Blocks signals in this thread. Returns a descriptor that is readable
/// when one of them is pending, or a negative errno.
int signal_descriptor(const int *signals, int count) {
  sigset_t set;
  sigemptyset(&set);
  for (int i = 0; i < count; i++)
    if (sigaddset(&set, signals[i]) < 0)
      return -errno;
  // Otherwise the default action would still end the process.
  int error = pthread_sigmask(SIG_BLOCK, &set, NULL);
  if (error != 0)
    return -error;
  int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  return fd < 0 ? -errno : fd;
}

/// Takes one pending signal. Returns its number and its sender, 0 if no
/// signal is pending, or a negative errno.
int take_signal(int fd, pid_t *sender) {
  struct signalfd_siginfo info;
  ssize_t size;
  do
    size = read(fd, &info, sizeof info);
  while (size < 0 && errno == EINTR);
  if (size < 0)
    return errno == EAGAIN ? 0 : -errno;
  if (size != sizeof info)
    return -EIO;
  *sender = (pid_t)info.ssi_pid;
  return (int)info.ssi_signo;
}
