#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

/// Returns the port of an address, or -EAFNOSUPPORT if it has none.
int storage_port(const struct sockaddr_storage *storage) {
  switch (storage->ss_family) {
  case AF_INET:
    return ntohs(((const struct sockaddr_in *)storage)->sin_port);
  case AF_INET6:
    return ntohs(((const struct sockaddr_in6 *)storage)->sin6_port);
  default:
    return -EAFNOSUPPORT;
  }
}
