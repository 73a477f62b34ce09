#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* The idiom WriteAll. */
int write_all(int fd, const void *bytes, size_t count);

/// Copies a file to a new one. Returns how many bytes were copied, or a
/// negative errno; then there is no new file.
ssize_t copy_file(const char *from, const char *to) {
  ssize_t total = 0;
  int source = -1, target = -1;
  char *buffer = malloc(1 << 16);
  if (buffer == NULL)
    return -ENOMEM;
  source = open(from, O_RDONLY | O_CLOEXEC);
  if (source < 0) {
    total = -errno;
    goto done;
  }
  target = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (target < 0) {
    total = -errno;
    goto done;
  }
  ssize_t n;
  while ((n = read(source, buffer, 1 << 16)) != 0) {
    if (n < 0 && errno == EINTR)
      continue;
    int error = n < 0 ? -errno : write_all(target, buffer, (size_t)n);
    if (error < 0) {
      total = error;
      unlink(to);
      goto done;
    }
    total += n;
  }
done:
  if (target >= 0)
    close(target);
  if (source >= 0)
    close(source);
  free(buffer);
  return total;
}
