#define _GNU_SOURCE

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/ip.h>
#include <stdint.h>
#include <string.h>

struct packet {
  unsigned header_size; /* in bytes */
  unsigned offset;      /* of the fragment, in bytes */
  int more;             /* whether fragments follow */
};

/// Parses the header of an IPv4 packet. Returns 0, or a negative errno.
int packet_parse(const uint8_t *bytes, size_t count, struct packet *packet) {
  struct iphdr header;
  if (count < sizeof header)
    return -EAGAIN;
  memcpy(&header, bytes, sizeof header);
  if (header.version != 4 || header.ihl < 5)
    return -EBADMSG;
  uint16_t fragment = ntohs(header.frag_off);
  packet->header_size = header.ihl * 4u;
  packet->offset = (fragment & IP_OFFMASK) * 8u;
  packet->more = (fragment & IP_MF) != 0;
  return 0;
}
