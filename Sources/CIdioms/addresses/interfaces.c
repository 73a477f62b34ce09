#define _DEFAULT_SOURCE

#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

/// Returns the index of the interface that has the IPv4 address, or a
/// negative errno: -EADDRNOTAVAIL if no interface has it.
int interface_of(struct in_addr wanted) {
  struct ifaddrs *list;
  if (getifaddrs(&list) < 0)
    return -errno;
  int result = -EADDRNOTAVAIL;
  for (struct ifaddrs *each = list; each; each = each->ifa_next) {
    // An interface without an address, such as a tunnel, has a null pointer.
    if (!each->ifa_addr || each->ifa_addr->sa_family != AF_INET)
      continue;
    struct sockaddr_in *address = (struct sockaddr_in *)each->ifa_addr;
    if (address->sin_addr.s_addr != wanted.s_addr)
      continue;
    unsigned index = if_nametoindex(each->ifa_name);
    result = index != 0 ? (int)index : -errno;
    break;
  }
  freeifaddrs(list);
  return result;
}
