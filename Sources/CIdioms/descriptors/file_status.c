#define _GNU_SOURCE

#include <errno.h>
#include <sys/stat.h>
#include <time.h>

/// Gets the size of a regular file, and when it was last changed. Returns
/// 0, or a negative errno: -EISDIR for a folder, -EINVAL for any other
/// file.
int file_status(const char *path, off_t *size, time_t *changed) {
  struct stat status;
  if (stat(path, &status) < 0)
    return -errno;
  if (S_ISDIR(status.st_mode))
    return -EISDIR;
  if (!S_ISREG(status.st_mode))
    return -EINVAL;
  *size = status.st_size;
  *changed = status.st_mtime;
  return 0;
}
