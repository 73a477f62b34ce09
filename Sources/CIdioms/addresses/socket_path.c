#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

/// Makes the address of a Unix socket. Returns 0, -ENAMETOOLONG, or -EINVAL
/// if the path is empty.
int socket_path(const char *path, struct sockaddr_un *address) {
  size_t length = strlen(path);
  if (length == 0)
    return -EINVAL;
  if (length >= sizeof address->sun_path)
    return -ENAMETOOLONG;
  memset(address, 0, sizeof *address);
  address->sun_family = AF_UNIX;
  memcpy(address->sun_path, path, length + 1);
  return 0;
}
