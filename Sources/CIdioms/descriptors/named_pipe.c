#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/// Opens a named pipe for writing, and creates it if it is missing. Returns
/// a descriptor, or a negative errno: -ENXIO while no process reads from
/// it, -EEXIST if the name belongs to another kind of file.
int open_named_pipe(const char *path) {
  if (mkfifo(path, 0600) < 0 && errno != EEXIST)
    return -errno;
  int fd = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0)
    return -errno;
  struct stat status;
  int error = fstat(fd, &status) < 0 ? errno : 0;
  if (error == 0 && !S_ISFIFO(status.st_mode))
    error = EEXIST;
  if (error == 0)
    return fd;
  close(fd);
  return -error;
}
