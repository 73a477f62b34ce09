#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* The idiom WriteAll. */
int write_all(int fd, const void *bytes, size_t count);

/// Replaces a file: a reader sees the old bytes or the new ones, and never
/// a part, even after a crash. Returns 0, or a negative errno.
int replace_file(const char *path, const void *bytes, size_t count) {
  char temporary[PATH_MAX];
  int length = snprintf(temporary, sizeof temporary, "%s.XXXXXX", path);
  if (length >= (int)sizeof temporary)
    return -ENAMETOOLONG;
  int fd = mkostemp(temporary, O_CLOEXEC);
  if (fd < 0)
    return -errno;
  int error = write_all(fd, bytes, count);
  if (error == 0 && fchmod(fd, 0644) < 0)
    error = -errno;
  // Without fsync(2) the name may reach the disk before the bytes.
  if (error == 0 && fsync(fd) < 0)
    error = -errno;
  if (close(fd) < 0 && error == 0)
    error = -errno;
  if (error == 0 && rename(temporary, path) < 0)
    error = -errno;
  if (error < 0)
    unlink(temporary);
  return error;
}
