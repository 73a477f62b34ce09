#define _DEFAULT_SOURCE

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

/// Prints an address and its port: "127.0.0.1:80" or "[::1]:80". Returns
/// the length of the text, or a negative errno.
int print_address(const struct sockaddr_storage *address, char *text,
                  size_t size) {
  int family = address->ss_family;
  if (family != AF_INET && family != AF_INET6)
    return -EAFNOSUPPORT;
  char host[NI_MAXHOST], port[NI_MAXSERV];
  socklen_t length = sizeof(struct sockaddr_in6);
  if (family == AF_INET)
    length = sizeof(struct sockaddr_in);
  const struct sockaddr *generic = (const struct sockaddr *)address;
  int flags = NI_NUMERICHOST | NI_NUMERICSERV;
  int code =
      getnameinfo(generic, length, host, NI_MAXHOST, port, NI_MAXSERV, flags);
  if (code != 0)
    return code == EAI_SYSTEM ? -errno : -EINVAL;
  const char *form = family == AF_INET ? "%s:%s" : "[%s]:%s";
  int count = snprintf(text, size, form, host, port);
  return count >= 0 && (size_t)count < size ? count : -ENOSPC;
}
