#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/// Returns the identifier of this thread, which is the one of the process
/// in its first thread.
pid_t thread_identifier(void) { return (pid_t)syscall(SYS_gettid); }

/// Copies the name of this machine, with its final 0. Returns its length, or
/// a negative errno.
int host_name(char *buffer, size_t size) {
  if (size == 0)
    return -EINVAL;
  if (gethostname(buffer, size) < 0)
    return -errno;
  // POSIX leaves it open whether a shortened name ends with 0.
  buffer[size - 1] = 0;
  return (int)strlen(buffer);
}

/// Returns a limit or a property of the system: -ENOENT if it has no value,
/// another negative errno on failure.
long system_value(int name) {
  errno = 0;
  long value = sysconf(name);
  if (value < 0)
    return errno != 0 ? -errno : -ENOENT;
  return value;
}
