#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/close_range.h>
#include <stdlib.h>
#include <unistd.h>

/// Keeps all descriptors from a number on from the programs that this
/// process starts later. Returns 0, or a negative errno.
int keep_from_programs(unsigned first) {
  int result = close_range(first, UINT_MAX, CLOSE_RANGE_CLOEXEC);
  return result < 0 ? -errno : 0;
}

/// Returns the number of descriptors that a program would inherit, or a
/// negative errno.
int inherited_descriptors(void) {
  DIR *folder = opendir("/proc/self/fd");
  if (folder == NULL)
    return -errno;
  int count = 0;
  const struct dirent *entry;
  while ((entry = readdir(folder)) != NULL) {
    if (entry->d_name[0] == '.')
      continue;
    int flags = fcntl((int)strtol(entry->d_name, NULL, 10), F_GETFD);
    if (flags >= 0 && (flags & FD_CLOEXEC) == 0)
      count++;
  }
  closedir(folder);
  return count;
}
