#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

/// Maps memory that all processes share which open its name, such as
/// "/table". The first one creates it, filled with zeros. All pass the same
/// size. Returns 0, or a negative errno.
int shared_pages_map(const char *name, size_t size, void **pages) {
  int fd = shm_open(name, O_RDWR | O_CREAT, 0600);
  if (fd < 0)
    return -errno;
  int error = 0;
  // Memory behind the end of the object would raise SIGBUS.
  if (ftruncate(fd, (off_t)size) < 0)
    error = errno;
  if (error == 0) {
    *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (*pages == MAP_FAILED)
      error = errno;
  }
  close(fd); // The mapping remains.
  return -error;
}

/// Removes the mapping from this process. Returns 0, or a negative errno.
int shared_pages_unmap(void *pages, size_t size) {
  int result = munmap(pages, size);
  return result < 0 ? -errno : 0;
}
