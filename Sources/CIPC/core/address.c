/* Endpoints as addresses of the kernel and of the resolver. */
#include "core.h"

#include <arpa/inet.h>
#include <bsd/stdlib.h>
#include <bsd/string.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/un.h>

static const size_t path_offset = offsetof(struct sockaddr_un, sun_path);

static int encode_inet(const struct ipc_endpoint *endpoint, struct sockaddr_storage *address, socklen_t *length) {
  struct sockaddr_in *v4 = (struct sockaddr_in *)address;
  struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)address;
  if (!ipc_endpoint_is_address(endpoint->name))
    return -(IPC_ERROR_NAME - EAI_NONAME);
  char host[IPC_HOST_MAX + 1];
  strlcpy(host, ipc_endpoint_is_wildcard(endpoint->name) ? "::" : endpoint->name, sizeof host);
  if (inet_pton(AF_INET, host, &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(endpoint->port);
    *length = sizeof *v4;
    return 0;
  }
  const char *problem = NULL;
  char *zone = strchr(host, '%');
  if (zone)
    *zone++ = '\0';
  inet_pton(AF_INET6, host, &v6->sin6_addr);
  if (zone) { /* the name or the number of an interface */
    v6->sin6_scope_id = if_nametoindex(zone);
    if (v6->sin6_scope_id == 0)
      v6->sin6_scope_id = zone[0] == '+' ? 0 : (uint32_t)strtonum(zone, 1, UINT32_MAX, &problem);
    if (v6->sin6_scope_id == 0)
      return -ENODEV;
  }
  v6->sin6_family = AF_INET6;
  v6->sin6_port = htons(endpoint->port);
  *length = sizeof *v6;
  return 0;
}

int ipc_address_encode(const struct ipc_endpoint *endpoint, struct sockaddr_storage *address, socklen_t *length) {
  *address = (struct sockaddr_storage){0};
  if (endpoint->transport == IPC_TCP)
    return encode_inet(endpoint, address, length);
  if (endpoint->transport != IPC_UNIX && endpoint->transport != IPC_ABSTRACT)
    return -EAFNOSUPPORT;
  struct sockaddr_un *local = (struct sockaddr_un *)address;
  size_t abstract = endpoint->transport == IPC_ABSTRACT;
  if (endpoint->length == 0 || endpoint->length > IPC_PATH_MAX)
    return -IPC_EPATH;
  local->sun_family = AF_UNIX;
  memcpy(local->sun_path + abstract, endpoint->name, endpoint->length);
  /* One byte more than the name: the NUL that ends a path, or the one that starts an abstract name. */
  *length = (socklen_t)(path_offset + endpoint->length + 1);
  return 0;
}

static int decode_unix(const struct sockaddr_un *local, size_t length, struct ipc_endpoint *endpoint) {
  if (length <= path_offset)
    return 1;
  length -= path_offset;
  size_t abstract = local->sun_path[0] == '\0';
  endpoint->transport = abstract ? IPC_ABSTRACT : IPC_UNIX;
  endpoint->length = (uint16_t)(abstract ? length - 1 : strnlen(local->sun_path, length));
  memcpy(endpoint->name, local->sun_path + abstract, endpoint->length);
  return 0;
}

static void decode_inet(const struct in_addr *host, in_port_t port, struct ipc_endpoint *endpoint) {
  inet_ntop(AF_INET, host, endpoint->name, sizeof endpoint->name);
  endpoint->port = ntohs(port);
}

bool ipc_address_unmap(const struct in6_addr *v6, struct in_addr *v4) {
  if (!IN6_IS_ADDR_V4MAPPED(v6))
    return false;
  memcpy(v4, &v6->s6_addr[sizeof *v6 - sizeof *v4], sizeof *v4);
  return true;
}

int ipc_address_decode(const struct sockaddr_storage *address, socklen_t length, struct ipc_endpoint *endpoint) {
  const struct sockaddr_in *v4 = (const struct sockaddr_in *)address;
  const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)address;
  struct in_addr mapped;
  *endpoint = (struct ipc_endpoint){0};
  switch (address->ss_family) {
  case AF_UNIX:
    return decode_unix((const struct sockaddr_un *)address, length, endpoint);
  case AF_INET:
    decode_inet(&v4->sin_addr, v4->sin_port, endpoint);
    break;
  case AF_INET6:
    if (ipc_address_unmap(&v6->sin6_addr, &mapped)) {
      decode_inet(&mapped, v6->sin6_port, endpoint);
      break;
    }
    inet_ntop(AF_INET6, &v6->sin6_addr, endpoint->name, sizeof endpoint->name);
    endpoint->port = ntohs(v6->sin6_port);
    if (v6->sin6_scope_id != 0) {
      char *zone = endpoint->name + strlen(endpoint->name);
      *zone++ = '%';
      if (!if_indextoname(v6->sin6_scope_id, zone)) /* endpoint->name has IF_NAMESIZE bytes left */
        return -ENODEV;
    }
    break;
  default:
    return -EAFNOSUPPORT;
  }
  endpoint->length = (uint16_t)strlen(endpoint->name);
  return 0;
}

/// Decodes addresses of the first one's family and of the other one in turn; returns their number.
static size_t alternate(const struct addrinfo *found, uint16_t port, struct ipc_endpoint *candidates, size_t capacity) {
  const struct addrinfo *next[] = {found, found};
  size_t count = 0;
  for (size_t family = 0; count < capacity && (next[0] || next[1]); family = 1 - family) {
    const struct addrinfo *each = next[family];
    while (each && (each->ai_family == found->ai_family) != (family == 0))
      each = each->ai_next;
    next[family] = each ? each->ai_next : NULL;
    struct sockaddr_storage address = {0};
    if (each)
      memcpy(&address, each->ai_addr, each->ai_addrlen);
    if (each && ipc_address_decode(&address, each->ai_addrlen, &candidates[count]) == 0)
      candidates[count++].port = port;
  }
  return count;
}

int ipc_endpoint_resolve(const struct ipc_endpoint *endpoint, struct ipc_endpoint *candidates, size_t capacity) {
  if (capacity == 0)
    return -ENOSPC;
  if (capacity > IPC_CANDIDATES_MAX)
    capacity = IPC_CANDIDATES_MAX;
  if (endpoint->transport != IPC_TCP || ipc_endpoint_is_address(endpoint->name)) {
    candidates[0] = *endpoint;
    return 1;
  }
  struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM}, *found = NULL;
  int returned = getaddrinfo(endpoint->name, NULL, &hints, &found);
  if (returned != 0) /* EAI_SYSTEM: errno has the error */
    return returned == EAI_SYSTEM ? (int)ipc_result(-1) : -(IPC_ERROR_NAME - returned);
  size_t count = alternate(found, endpoint->port, candidates, capacity);
  freeaddrinfo(found);
  return count > 0 ? (int)count : -(IPC_ERROR_NAME - EAI_NONAME);
}

/// Returns whether a socket's address is `*`: it is all IPv6 addresses, and the socket accepts IPv4 clients, too.
static bool is_wildcard(int socket, const struct sockaddr_storage *address) {
  const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)address;
  int only_v6 = 1;
  socklen_t length = sizeof only_v6;
  return address->ss_family == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&v6->sin6_addr) &&
         getsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, &only_v6, &length) == 0 && !only_v6;
}

int ipc_endpoint_local(int socket, struct ipc_endpoint *endpoint) {
  struct sockaddr_storage address = {0};
  socklen_t length = sizeof address;
  int error;
  IPC_CALL(error, getsockname(socket, (struct sockaddr *)&address, &length));
  if (error < 0)
    return error;
  error = ipc_address_decode(&address, length, endpoint);
  if (error == 0 && is_wildcard(socket, &address)) {
    strlcpy(endpoint->name, "*", sizeof endpoint->name);
    endpoint->length = 1;
  }
  return error > 0 ? -ENOTCONN : error;
}

int ipc_address_peer(int socket, struct ipc_endpoint *endpoint) {
  struct sockaddr_storage address = {0};
  socklen_t length = sizeof address;
  int error;
  IPC_CALL(error, getpeername(socket, (struct sockaddr *)&address, &length));
  return error < 0 ? error : ipc_address_decode(&address, length, endpoint);
}

bool ipc_address_is_own(int socket) {
  struct sockaddr_storage own = {0}, peer = {0};
  socklen_t own_length = sizeof own, peer_length = sizeof peer;
  int error;
  IPC_CALL(error, getsockname(socket, (struct sockaddr *)&own, &own_length));
  if (error == 0)
    IPC_CALL(error, getpeername(socket, (struct sockaddr *)&peer, &peer_length));
  return error == 0 && own_length == peer_length && memcmp(&own, &peer, own_length) == 0;
}

int ipc_endpoint_peer(int socket, struct ipc_endpoint *endpoint) {
  int error = ipc_address_peer(socket, endpoint);
  return error > 0 ? ipc_endpoint_local(socket, endpoint) : error;
}
