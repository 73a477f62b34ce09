#include <limits.h>
#include <stddef.h>
#include <stdint.h>

/// Returns how many bytes of a ring are used. Both positions only grow, and
/// wrap to 0 after 4294967295.
uint32_t ring_used(uint32_t written, uint32_t consumed) {
  return written - consumed;
}

/// Whether a sequence number is before another one, as in TCP.
_Bool sequence_before(uint32_t a, uint32_t b) { return (int32_t)(a - b) < 0; }

/// Returns a count as the result of a C function: INT_MAX if it is larger.
int count_result(size_t count) {
  return count > INT_MAX ? INT_MAX : (int)count;
}

/// Returns the hash of bytes (FNV-1a): the product keeps its low 32 bits.
uint32_t bytes_hash(const uint8_t *bytes, size_t count) {
  uint32_t hash = 2166136261u;
  for (size_t i = 0; i < count; i++)
    hash = (hash ^ bytes[i]) * 16777619u;
  return hash;
}

/// Returns the bit of an entry in a map of 32, the last being 1u << 31.
uint32_t entry_bit(unsigned entry) { return 1u << (entry & 31); }
