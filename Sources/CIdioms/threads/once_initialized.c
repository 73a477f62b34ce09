#define _GNU_SOURCE

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static uint32_t table[256];

static void fill_table(void) {
  for (uint32_t i = 0; i < 256; i++) {
    uint32_t value = i;
    for (int bit = 0; bit < 8; bit++)
      value = value >> 1 ^ (value & 1 ? 0xEDB88320 : 0);
    table[i] = value;
  }
}

/// The CRC-32 of bytes, as in Ethernet and gzip. Each thread may call it.
uint32_t checksum(const void *bytes, size_t count) {
  pthread_once(&once, fill_table);
  const unsigned char *next = bytes;
  uint32_t sum = 0xFFFFFFFF;
  for (size_t i = 0; i < count; i++)
    sum = table[(sum ^ next[i]) & 0xFF] ^ sum >> 8;
  return sum ^ 0xFFFFFFFF;
}
