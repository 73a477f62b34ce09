/* Memory and its layout. */
#ifndef IDIOMS_MEMORY_H
#define IDIOMS_MEMORY_H

#include <stdint.h>
#include <sys/types.h>

#pragma clang assume_nonnull begin

/* wire_header.c */
struct wire_header {
  uint32_t length;
  uint16_t kind, flags;
};
int wire_header_parse(const uint8_t *bytes, size_t count, size_t at,
                      struct wire_header *header);

/* bit_field.c */
struct packet {
  unsigned header_size, offset;
  int more;
};
int packet_parse(const uint8_t *bytes, size_t count, struct packet *packet);

/* union_value.c */
struct setting {
  enum { SETTING_NUMBER, SETTING_RATIO, SETTING_NAME } kind;
  union {
    int32_t number;
    float ratio;
    char name[8];
  } value;
};
int setting_encode(const struct setting *setting, uint8_t *bytes);

/* flexible_array.c */
int event_names(const uint8_t *bytes, size_t count,
                void (*each)(const char *name, void *_Nullable context),
                void *_Nullable context);

/* shared_pages.c */
int shared_pages_map(const char *name, size_t size,
                     void *_Nullable *_Nonnull pages);
int shared_pages_unmap(void *pages, size_t size);

/* shared_counter.c: Swift does not import a field that is _Atomic. */
struct shared_counter;
uint32_t shared_counter_add(struct shared_counter *counter, uint32_t n);
_Bool shared_counter_enter(struct shared_counter *counter, uint32_t limit);

/* grow_buffer.c */
struct grow_buffer {
  uint8_t *_Nullable bytes;
  size_t count, capacity, limit;
};
int grow_buffer_append(struct grow_buffer *buffer, const uint8_t *bytes,
                       size_t count);
void grow_buffer_drop(struct grow_buffer *buffer, size_t count);
void grow_buffer_free(struct grow_buffer *buffer);

/* linked_clients.c */
struct client {
  int fd;
  unsigned requests;
  struct client *_Nullable next;
};
int clients_add(struct client *_Nullable *_Nonnull list, int fd);
struct client *_Nullable clients_find(struct client *_Nullable list, int fd);
int clients_remove(struct client *_Nullable *_Nonnull list, int fd);

/* copy_struct.c */
struct peer {
  uint32_t address;
  uint16_t port;
  uint8_t family;
  uint32_t requests;
};
int peer_store(const struct peer *peer, uint8_t *bytes, size_t size);
int peer_requests(const uint8_t *bytes, size_t count, uint32_t *requests);

/* buffer_offset.c */
struct input {
  char bytes[256];
  size_t count;
};
ssize_t input_fill(struct input *input, int fd);
size_t input_line(struct input *input, char *line);

/* wraparound.c */
uint32_t ring_used(uint32_t written, uint32_t consumed);
_Bool sequence_before(uint32_t a, uint32_t b);
int count_result(size_t count);
uint32_t bytes_hash(const uint8_t *bytes, size_t count);
uint32_t entry_bit(unsigned entry);

#pragma clang assume_nonnull end

#endif
