#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

/// Writes the number of this process to a file, and locks it until the
/// process ends. Returns the descriptor, or a negative errno: -EWOULDBLOCK
/// if another process has the lock.
int write_pid_file(const char *path) {
  int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0)
    return -errno;
  char text[32];
  int length = snprintf(text, sizeof text, "%ld\n", (long)getpid());
  // Only the owner of the lock may empty the file.
  ssize_t written = -1;
  if (flock(fd, LOCK_EX | LOCK_NB) == 0 && ftruncate(fd, 0) == 0)
    written = pwrite(fd, text, (size_t)length, 0);
  if (written == length)
    return fd;
  // A short count sets no errno: the disk is full.
  int error = written < 0 ? errno : ENOSPC;
  close(fd);
  return -error;
}
