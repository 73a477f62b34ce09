#define _DEFAULT_SOURCE

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

/// Prints an address and its port: "127.0.0.1:80" or "[::1]:80". Returns the
/// length of the text, or a negative errno.
int print_address(const struct sockaddr_storage *address, char *text, size_t size) {
  int family = address->ss_family;
  if (family != AF_INET && family != AF_INET6)
    return -EAFNOSUPPORT;
  char host[NI_MAXHOST], port[NI_MAXSERV];
  socklen_t length = family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
  int code = getnameinfo((const struct sockaddr *)address, length, host, sizeof host, port, sizeof port,
                         NI_NUMERICHOST | NI_NUMERICSERV);
  if (code != 0)
    return code == EAI_SYSTEM ? -errno : -EINVAL;
  int count = snprintf(text, size, family == AF_INET ? "%s:%s" : "[%s]:%s", host, port);
  return count >= 0 && (size_t)count < size ? count : -ENOSPC;
}
