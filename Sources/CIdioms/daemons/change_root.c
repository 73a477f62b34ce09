#define _GNU_SOURCE

#include <errno.h>
#include <unistd.h>

/// Makes a folder the root of this process. Returns 0, or a negative errno;
/// then the process must end. Only root may call it, and gives up root
/// afterwards.
int change_root(const char *folder) {
  // The working directory would otherwise remain outside.
  if (chroot(folder) < 0 || chdir("/") < 0)
    return -errno;
  return 0;
}
