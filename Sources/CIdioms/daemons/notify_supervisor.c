#define _GNU_SOURCE

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/// Sends a state such as "READY=1" to systemd. The name is that of the
/// variable NOTIFY_SOCKET, or NULL. Returns 1, or 0 without a supervisor, or
/// a negative errno.
int notify_supervisor(const char *name, const char *state) {
  if (name == NULL || *name == '\0')
    return 0;
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  size_t length = strlen(name);
  if (length > sizeof address.sun_path - 1)
    return -ENAMETOOLONG;
  memcpy(address.sun_path, name, length);
  // "@" means the byte zero: an abstract name, whose length ends it.
  if (*name == '@')
    address.sun_path[0] = '\0';
  int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return -errno;
  socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
  ssize_t n;
  do
    n = sendto(fd, state, strlen(state), MSG_NOSIGNAL,
               (struct sockaddr *)&address, size);
  while (n < 0 && errno == EINTR);
  int result = n < 0 ? -errno : 1;
  close(fd);
  return result;
}
