#include <errno.h>
#include <stdint.h>
#include <sys/inotify.h>
#include <unistd.h>

typedef void folder_handler(uint32_t mask, const char *name, void *context);

/// Returns a descriptor that reports the names that appear in a folder and
/// disappear from it, or a negative errno.
int watch_folder(const char *path) {
  int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  if (fd < 0)
    return -errno;
  uint32_t mask =
      IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ONLYDIR;
  if (inotify_add_watch(fd, path, mask) < 0) {
    int error = errno;
    close(fd);
    return -error;
  }
  return fd;
}

/// Gives each event that waits to the handler. Returns their number, or a
/// negative errno: -EOVERFLOW if the kernel dropped events.
int read_folder_events(int fd, folder_handler *handle, void *context) {
  _Alignas(struct inotify_event) char buffer[4096];
  int events = 0;
  for (;;) {
    ssize_t size = read(fd, buffer, sizeof buffer);
    if (size < 0 && errno == EINTR)
      continue;
    if (size < 0)
      return errno == EAGAIN ? events : -errno;
    for (char *next = buffer; next < buffer + size;) {
      struct inotify_event *event = (struct inotify_event *)(void *)next;
      if (event->mask & IN_Q_OVERFLOW)
        return -EOVERFLOW;
      handle(event->mask, event->len > 0 ? event->name : "", context);
      events++;
      next += sizeof *event + event->len;
    }
  }
}
