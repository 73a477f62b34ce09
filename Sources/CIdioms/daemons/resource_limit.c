#define _GNU_SOURCE

#include <errno.h>
#include <sys/resource.h>

/// Allows this process to open as many descriptors as wanted, or as many as
/// it may; RLIM_INFINITY is no limit. Returns the new limit, or a negative
/// errno.
long allow_descriptors(rlim_t wanted) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
    return -errno;
  limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
    return -errno;
  return (long)limit.rlim_cur;
}
