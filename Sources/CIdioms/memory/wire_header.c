#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

struct wire_header {
  uint32_t length; /* in network byte order on the wire */
  uint16_t kind;
  uint16_t flags;
};

/// Parses the header at an offset of received bytes, which need not be
/// aligned. Returns 0, or -EAGAIN if it is not complete.
int wire_header_parse(const uint8_t *bytes, size_t count, size_t at,
                      struct wire_header *header) {
  if (at > count || count - at < sizeof *header)
    return -EAGAIN;
  memcpy(header, bytes + at, sizeof *header);
  header->length = ntohl(header->length);
  header->kind = ntohs(header->kind);
  header->flags = ntohs(header->flags);
  return 0;
}
