#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/// Continues in the background: without a terminal, in the folder "/", with
/// umask 022, and /dev/null as input and output. Returns 0 in the daemon, or a
/// negative errno; the calling process ends. It has one thread only.
int daemonize(void) {
  pid_t child = fork();
  if (child < 0)
    return -errno;
  if (child > 0)
    _exit(0);
  if (setsid() < 0)
    return -errno;
  // The leader of a session could get a terminal again; its child can't.
  child = fork();
  if (child < 0)
    return -errno;
  if (child > 0)
    _exit(0);
  if (chdir("/") < 0)
    return -errno;
  umask(022); // The caller's may let others write to the daemon's files.
  int null = open("/dev/null", O_RDWR);
  if (null < 0)
    return -errno;
  int error = 0;
  for (int fd = 0; fd <= 2; fd++)
    if (dup2(null, fd) < 0)
      error = -errno;
  if (null > 2)
    close(null);
  return error;
}
