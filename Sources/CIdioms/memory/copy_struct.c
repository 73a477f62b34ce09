#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct peer {
  uint32_t address;
  uint16_t port;
  uint8_t family; /* and a byte of padding */
  uint32_t requests;
};

/// Stores a peer as the bytes of a file or a pipe, of which the padding is
/// zero. Returns how many there are, or -ENOBUFS.
int peer_store(const struct peer *peer, uint8_t *bytes, size_t size) {
  struct peer copy;
  if (size < sizeof copy)
    return -ENOBUFS;
  memset(&copy, 0, sizeof copy);
  copy.address = peer->address;
  copy.port = peer->port;
  copy.family = peer->family;
  copy.requests = peer->requests;
  memcpy(bytes, &copy, sizeof copy);
  return (int)sizeof copy;
}

/// Loads the field `requests` of a stored peer. Returns 0, or -EBADMSG.
int peer_requests(const uint8_t *bytes, size_t count, uint32_t *requests) {
  if (count < sizeof(struct peer))
    return -EBADMSG;
  memcpy(requests, bytes + offsetof(struct peer, requests), sizeof *requests);
  return 0;
}
