#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

/// Makes the address of a port on this machine, 127.0.0.1. Returns 0, or
/// -ERANGE if there is no such port.
int loopback_address(long port, struct sockaddr_in *address) {
  if (port < 0 || port > UINT16_MAX)
    return -ERANGE;
  memset(address, 0, sizeof *address);
  address->sin_family = AF_INET;
  address->sin_port = htons((in_port_t)port);
  address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return 0;
}
