#define _DEFAULT_SOURCE

#include <endian.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Writes a header of 14 bytes in network byte order.
void encode_header(uint16_t type, uint32_t length, uint64_t time,
                   uint8_t *bytes) {
  type = htobe16(type);
  length = htobe32(length);
  time = htobe64(time);
  memcpy(bytes, &type, sizeof type);
  memcpy(bytes + 2, &length, sizeof length);
  memcpy(bytes + 6, &time, sizeof time);
}

/// Reads a header. Returns 0, or -EBADMSG if fewer than 14 bytes are there.
int decode_header(const uint8_t *bytes, size_t count, uint16_t *type,
                  uint32_t *length, uint64_t *time) {
  if (count < 14)
    return -EBADMSG;
  memcpy(type, bytes, sizeof *type);
  memcpy(length, bytes + 2, sizeof *length);
  memcpy(time, bytes + 6, sizeof *time);
  *type = be16toh(*type);
  *length = be32toh(*length);
  *time = be64toh(*time);
  return 0;
}
