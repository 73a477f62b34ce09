/* The table of sessions: places, a list by time, and who shares an address. */
#include "loop.h"

#include <stdlib.h>

enum { FIRST_CAPACITY = 16 }; /* doubled when the places are taken */

static uint32_t hash(const struct ipc_loop *loop, const struct ipc_session *session) {
  const unsigned char *bytes = (const unsigned char *)&session->address;
  uint32_t value = 2166136261; /* FNV-1a */
  for (size_t i = 0; i < sizeof session->address; i++)
    value = (value ^ bytes[i]) * 16777619;
  return value & (loop->capacity - 1);
}

static bool counts_addresses(const struct ipc_loop *loop) { return loop->serving->limits.clients_per_address > 0; }

static void chain(struct ipc_loop *loop, uint32_t index) {
  uint32_t *head = &loop->chains[hash(loop, &loop->sessions[index])];
  loop->sessions[index].chain = *head;
  *head = index;
}

static void unchain(struct ipc_loop *loop, uint32_t index) {
  uint32_t *link = &loop->chains[hash(loop, &loop->sessions[index])];
  while (*link != index)
    link = &loop->sessions[*link].chain;
  *link = loop->sessions[index].chain;
}

int ipc_table_neighbours(const struct ipc_loop *loop, uint32_t index) {
  const struct ipc_session *session = &loop->sessions[index];
  int count = 0;
  if (!counts_addresses(loop) || session->family == AF_UNIX)
    return 0;
  for (uint32_t i = loop->chains[hash(loop, session)]; i != IPC_NONE; i = loop->sessions[i].chain)
    count += loop->sessions[i].family == session->family &&
             memcmp(&loop->sessions[i].address, &session->address, sizeof session->address) == 0;
  return count;
}

int ipc_table_grow(struct ipc_loop *loop) {
  if (loop->free != IPC_NONE || loop->used < loop->capacity)
    return 0;
  uint32_t capacity = loop->capacity > 0 ? loop->capacity * 2 : FIRST_CAPACITY;
  struct ipc_session *sessions = realloc(loop->sessions, capacity * sizeof *sessions);
  if (!sessions)
    return -ENOMEM;
  loop->sessions = sessions;
  uint32_t *chains = counts_addresses(loop) ? realloc(loop->chains, capacity * sizeof *chains) : NULL;
  if (!chains && counts_addresses(loop))
    return -ENOMEM;
  loop->chains = chains;
  loop->capacity = capacity;
  if (chains) {
    memset(chains, 0xFF, capacity * sizeof *chains); /* IPC_NONE */
    for (uint32_t i = 0; i < loop->used; i++)
      chain(loop, i);
  }
  return 0;
}

static void append(struct ipc_loop *loop, struct ipc_list *list, uint32_t index) {
  struct ipc_session *session = &loop->sessions[index];
  session->active = loop->now;
  session->before = list->last;
  session->after = IPC_NONE;
  *(list->last == IPC_NONE ? &list->first : &loop->sessions[list->last].after) = index;
  list->last = index;
}

static void detach(struct ipc_loop *loop, struct ipc_list *list, uint32_t index) {
  const struct ipc_session *session = &loop->sessions[index];
  *(session->before == IPC_NONE ? &list->first : &loop->sessions[session->before].after) = session->after;
  *(session->after == IPC_NONE ? &list->last : &loop->sessions[session->after].before) = session->before;
}

static void note_address(struct ipc_session *session, const struct sockaddr_storage *address) {
  const struct sockaddr_in *v4 = (const struct sockaddr_in *)address;
  const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)address;
  session->family = address->ss_family;
  if (address->ss_family == AF_INET) {
    session->port = v4->sin_port;
    memcpy(&session->address, &v4->sin_addr, sizeof v4->sin_addr);
  } else if (address->ss_family == AF_INET6) {
    session->port = v6->sin6_port;
    session->scope = v6->sin6_scope_id;
    session->address = v6->sin6_addr;
  }
}

uint32_t ipc_table_add(struct ipc_loop *loop, int descriptor, const struct sockaddr_storage *address) {
  uint32_t index = loop->free;
  if (index == IPC_NONE)
    index = loop->used++; /* places that nobody had yet cost no memory */
  else
    loop->free = loop->sessions[index].after;
  struct ipc_session *session = &loop->sessions[index];
  loop->count++;
  *session = (struct ipc_session){.descriptor = descriptor, .since = loop->now};
  note_address(session, address);
  if (counts_addresses(loop))
    chain(loop, index);
  append(loop, &loop->busy, index);
  return index;
}

void ipc_table_remove(struct ipc_loop *loop, uint32_t index) {
  struct ipc_session *session = &loop->sessions[index];
  if (counts_addresses(loop))
    unchain(loop, index);
  detach(loop, session->lingers ? &loop->lingering : &loop->busy, index);
  free(session->bytes);
  *session = (struct ipc_session){.descriptor = -1, .after = loop->free};
  loop->free = index;
  loop->count--;
}

void ipc_table_touch(struct ipc_loop *loop, uint32_t index, bool lingered) {
  detach(loop, lingered ? &loop->lingering : &loop->busy, index);
  append(loop, loop->sessions[index].lingers ? &loop->lingering : &loop->busy, index);
}
