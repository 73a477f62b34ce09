/* The sessions of a loop: slots that are used again, three lists by time, and chains of sessions with the same address.
 */
#include "session_table.h"

enum {
  FIRST_CAPACITY = 16, /* doubled when all slots are taken */
  NETWORK_BYTES = 8, /* an IPv6 client owns a /64, so that is its address in the count; IPv4 has four bytes and zeros */
};

void ipc_session_table_init(struct ipc_session_table *table, bool counts_addresses) {
  *table = (struct ipc_session_table){.counts_addresses = counts_addresses, .free = IPC_SESSION_NONE};
  for (int i = 0; i < IPC_SESSION_GROUPS; i++)
    table->lists[i] = (struct ipc_session_list){IPC_SESSION_NONE, IPC_SESSION_NONE};
  table->accepted = table->lists[0];
}

void ipc_session_table_deinit(struct ipc_session_table *table) {
  ipc_pages_free(table->sessions, table->capacity * sizeof *table->sessions);
  ipc_pages_free(table->buckets, table->capacity * sizeof *table->buckets);
}

static uint32_t *bucket(const struct ipc_session_table *table, const struct ipc_session *session) {
  const unsigned char *bytes = (const unsigned char *)&session->address;
  uint32_t value = 2166136261; /* FNV-1a */
  for (size_t i = 0; i < NETWORK_BYTES; i++)
    value = (value ^ bytes[i]) * 16777619;
  return &table->buckets[value & (table->capacity - 1)];
}

int ipc_session_table_count_address(const struct ipc_session_table *table, uint32_t index) {
  const struct ipc_session *session = &table->sessions[index];
  int count = 0;
  if (!table->counts_addresses || session->family == AF_UNIX)
    return 0;
  for (uint32_t i = *bucket(table, session); i != IPC_SESSION_NONE; i = table->sessions[i].chain)
    count += table->sessions[i].family == session->family &&
             memcmp(&table->sessions[i].address, &session->address, NETWORK_BYTES) == 0;
  return count;
}

static void chain(struct ipc_session_table *table, uint32_t index) {
  uint32_t *head = bucket(table, &table->sessions[index]);
  table->sessions[index].chain = *head;
  *head = index;
}

static void unchain(struct ipc_session_table *table, uint32_t index) {
  uint32_t *link = bucket(table, &table->sessions[index]);
  while (*link != index)
    link = &table->sessions[*link].chain;
  *link = table->sessions[index].chain;
}

int ipc_session_table_grow(struct ipc_session_table *table) {
  if (table->free != IPC_SESSION_NONE || table->used < table->capacity)
    return 0;
  uint32_t former = table->capacity, capacity = former > 0 ? former * 2 : FIRST_CAPACITY;
  size_t size = sizeof *table->sessions, bucket_size = sizeof *table->buckets;
  uint32_t *buckets = table->counts_addresses ? ipc_pages_grow(NULL, 0, capacity * bucket_size) : NULL;
  if (!buckets && table->counts_addresses)
    return -ENOMEM;
  struct ipc_session *sessions = ipc_pages_grow(table->sessions, former * size, capacity * size);
  if (!sessions) {
    ipc_pages_free(buckets, capacity * bucket_size);
    return -ENOMEM;
  }
  ipc_pages_free(table->buckets, former * bucket_size);
  table->sessions = sessions;
  table->buckets = buckets;
  table->capacity = capacity;
  if (buckets) {
    memset(buckets, 0xFF, capacity * bucket_size); /* IPC_SESSION_NONE */
    for (uint32_t i = 0; i < table->used; i++)
      chain(table, i);
  }
  return 0;
}

static void append(struct ipc_session_table *table, uint32_t index, int64_t now) {
  struct ipc_session *session = &table->sessions[index];
  session->group = ipc_session_group(session);
  struct ipc_session_list *list = &table->lists[session->group];
  session->active = now;
  session->before = list->last;
  session->after = IPC_SESSION_NONE;
  *(list->last == IPC_SESSION_NONE ? &list->first : &table->sessions[list->last].after) = index;
  list->last = index;
}

static void detach(struct ipc_session_table *table, uint32_t index) {
  const struct ipc_session *session = &table->sessions[index];
  struct ipc_session_list *list = &table->lists[session->group];
  *(session->before == IPC_SESSION_NONE ? &list->first : &table->sessions[session->before].after) = session->after;
  *(session->after == IPC_SESSION_NONE ? &list->last : &table->sessions[session->after].before) = session->before;
}

static void append_accepted(struct ipc_session_table *table, uint32_t index) {
  struct ipc_session_list *list = &table->accepted;
  table->sessions[index].older = list->last;
  table->sessions[index].newer = IPC_SESSION_NONE;
  *(list->last == IPC_SESSION_NONE ? &list->first : &table->sessions[list->last].newer) = index;
  list->last = index;
}

static void detach_accepted(struct ipc_session_table *table, uint32_t index) {
  const struct ipc_session *session = &table->sessions[index];
  struct ipc_session_list *list = &table->accepted;
  *(session->older == IPC_SESSION_NONE ? &list->first : &table->sessions[session->older].newer) = session->newer;
  *(session->newer == IPC_SESSION_NONE ? &list->last : &table->sessions[session->newer].older) = session->older;
}

static void set_address(struct ipc_session *session, const struct sockaddr_storage *address) {
  const struct sockaddr_in *v4 = (const struct sockaddr_in *)address;
  const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)address;
  struct in_addr mapped;
  session->family = address->ss_family;
  if (address->ss_family == AF_INET) {
    session->port = v4->sin_port;
    memcpy(&session->address, &v4->sin_addr, sizeof v4->sin_addr);
  } else if (address->ss_family == AF_INET6 && ipc_address_unmap(&v6->sin6_addr, &mapped)) {
    session->family = AF_INET; /* also in the count of clients for each address */
    session->port = v6->sin6_port;
    memcpy(&session->address, &mapped, sizeof mapped);
  } else if (address->ss_family == AF_INET6) {
    session->port = v6->sin6_port;
    session->scope = v6->sin6_scope_id;
    session->address = v6->sin6_addr;
  }
}

uint32_t ipc_session_table_add(struct ipc_session_table *table, int descriptor, const struct sockaddr_storage *address,
                               int64_t now) {
  uint32_t index = table->free;
  if (index == IPC_SESSION_NONE)
    index = table->used++; /* the memory of a slot that was never taken is not touched */
  else
    table->free = table->sessions[index].after;
  struct ipc_session *session = &table->sessions[index];
  table->count++;
  *session = (struct ipc_session){.descriptor = descriptor, .since = now};
  set_address(session, address);
  if (table->counts_addresses)
    chain(table, index);
  append(table, index, now);
  append_accepted(table, index);
  return index;
}

void ipc_session_table_remove(struct ipc_session_table *table, uint32_t index) {
  struct ipc_session *session = &table->sessions[index];
  if (table->counts_addresses)
    unchain(table, index);
  detach(table, index);
  if (session->group != IPC_SESSIONS_LINGERING)
    detach_accepted(table, index);
  ipc_pages_free(session->kept, session->kept_capacity);
  *session = (struct ipc_session){.descriptor = -1, .after = table->free};
  table->free = index;
  table->count--;
}

void ipc_session_table_touch(struct ipc_session_table *table, uint32_t index, int64_t now) {
  const struct ipc_session *session = &table->sessions[index];
  detach(table, index);
  if (session->group != IPC_SESSIONS_LINGERING && session->phase == IPC_SESSION_LINGERING)
    detach_accepted(table, index);
  append(table, index, now);
}
