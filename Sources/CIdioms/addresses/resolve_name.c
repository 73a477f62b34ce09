#define _GNU_SOURCE

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

static int negative_errno(int code) {
  switch (code) {
  case EAI_SYSTEM:
    return -errno;
  case EAI_MEMORY:
    return -ENOMEM;
  case EAI_AGAIN:
    return -EAGAIN;
  default:
    return -ENOENT;
  }
}

/// Connects a blocking socket. Returns 0, or a negative errno.
static int connect_fully(int fd, const struct sockaddr *to, socklen_t size) {
  if (connect(fd, to, size) == 0)
    return 0;
  if (errno != EINTR)
    return -errno;
  // The connection goes on, and POSIX lets a second connect(2) fail. At its
  // end the socket is writable, and SO_ERROR is the result.
  struct pollfd wait = {.fd = fd, .events = POLLOUT};
  while (poll(&wait, 1, -1) < 0)
    if (errno != EINTR)
      return -errno;
  int error = 0;
  socklen_t length = sizeof error;
  if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) < 0)
    return -errno;
  return -error;
}

/// Connects to a host, at the first of its addresses that answers. Returns
/// the socket, or a negative errno: -ENOENT if the name has no address.
int connect_to_host(const char *host, const char *service) {
  struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
  struct addrinfo *list;
  int code = getaddrinfo(host, service, &hints, &list);
  if (code != 0)
    return negative_errno(code);
  int result = -ENOENT;
  for (struct addrinfo *each = list; each; each = each->ai_next) {
    int type = each->ai_socktype | SOCK_CLOEXEC;
    int fd = socket(each->ai_family, type, each->ai_protocol);
    result = fd < 0 ? -errno : 0;
    if (fd >= 0)
      result = connect_fully(fd, each->ai_addr, each->ai_addrlen);
    if (result == 0) {
      result = fd;
      break;
    }
    if (fd >= 0)
      close(fd);
  }
  freeaddrinfo(list);
  return result;
}
