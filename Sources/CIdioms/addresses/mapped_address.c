#include <netinet/in.h>
#include <string.h>

/// Finds the IPv4 address of a client of an IPv6 socket: ::ffff:192.0.2.1
/// is 192.0.2.1. Returns 1, or 0 if the client has an IPv6 address.
int unmap_address(const struct sockaddr_in6 *from, struct sockaddr_in *to) {
  if (!IN6_IS_ADDR_V4MAPPED(&from->sin6_addr))
    return 0;
  memset(to, 0, sizeof *to);
  to->sin_family = AF_INET;
  to->sin_port = from->sin6_port;
  memcpy(&to->sin_addr, &from->sin6_addr.s6_addr[12], sizeof to->sin_addr);
  return 1;
}
