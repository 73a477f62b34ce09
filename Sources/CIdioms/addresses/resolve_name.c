#define _GNU_SOURCE

#include <errno.h>
#include <netdb.h>
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
    if (fd >= 0 && connect(fd, each->ai_addr, each->ai_addrlen) == 0) {
      result = fd;
      break;
    }
    result = -errno;
    if (fd >= 0)
      close(fd);
  }
  freeaddrinfo(list);
  return result;
}
