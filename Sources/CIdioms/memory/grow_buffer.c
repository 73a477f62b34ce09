#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/// Bytes that are appended to, up to a limit: all zero but the limit at
/// first.
struct grow_buffer {
  uint8_t *bytes;
  size_t count, capacity, limit;
};

/// Appends bytes. Returns 0, -ENOBUFS at the limit, or -ENOMEM; on an error
/// the buffer is unchanged.
int grow_buffer_append(struct grow_buffer *buffer, const uint8_t *bytes,
                       size_t count) {
  if (count > buffer->limit - buffer->count)
    return -ENOBUFS;
  size_t needed = buffer->count + count;
  if (needed > buffer->capacity) {
    size_t capacity = buffer->capacity < 64 ? 64 : buffer->capacity;
    while (capacity < needed)
      capacity *= 2;
    uint8_t *larger = realloc(buffer->bytes, capacity);
    if (larger == NULL)
      return -ENOMEM;
    buffer->bytes = larger;
    buffer->capacity = capacity;
  }
  if (count > 0)
    memcpy(buffer->bytes + buffer->count, bytes, count);
  buffer->count = needed;
  return 0;
}

/// Removes bytes from the front, such as those that were sent.
void grow_buffer_drop(struct grow_buffer *buffer, size_t count) {
  if (count > buffer->count)
    count = buffer->count;
  if (count > 0)
    memmove(buffer->bytes, buffer->bytes + count, buffer->count - count);
  buffer->count -= count;
}

/// Releases the memory.
void grow_buffer_free(struct grow_buffer *buffer) {
  free(buffer->bytes);
  buffer->bytes = NULL;
  buffer->count = buffer->capacity = 0;
}
