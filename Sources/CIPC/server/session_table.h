/* The sessions of a loop. */
#ifndef IPC_SESSION_TABLE_H
#define IPC_SESSION_TABLE_H

#include "session.h"

#ifdef __clang__
#pragma clang assume_nonnull begin
#endif

/// No session: the end of a list.
#define IPC_SESSION_NONE UINT32_MAX

/// Sessions by time: the first was active, or accepted, longest ago.
struct ipc_session_list {
  uint32_t first, last;
};

/// A session is known by its index, which stays while its client is connected; pointers to sessions do not.
struct ipc_session_table {
  bool counts_addresses;
  struct ipc_session *sessions; ///< `capacity` slots
  uint32_t *buckets;            ///< by hash of the address, `capacity` of them; each begins a chain
  uint32_t capacity;            ///< a power of two, or 0; both arrays are in pages of their own
  uint32_t used;                ///< slots that were ever taken
  uint32_t free;                ///< the first free slot of those, in a list
  uint32_t count;               ///< sessions
  struct ipc_session_list lists[IPC_SESSION_GROUPS]; ///< by group
  struct ipc_session_list accepted;                  ///< the sessions that do not linger, by the time of acceptance
};

void ipc_session_table_init(struct ipc_session_table *table, bool counts_addresses);

/// Frees the memory. All sessions are removed before.
void ipc_session_table_deinit(struct ipc_session_table *table);

/// The session of a group that was active longest ago, or IPC_SESSION_NONE.
static inline uint32_t ipc_session_table_oldest(const struct ipc_session_table *table, enum ipc_session_group group) {
  return table->lists[group].first;
}

/// Counts the sessions over TCP from the address of this one, itself included; 0 if the table does not count them.
int ipc_session_table_count_address(const struct ipc_session_table *table, uint32_t index);

/// Makes room for one more session. Errors: ENOMEM.
int ipc_session_table_grow(struct ipc_session_table *table);

/// Adds a session in the room that was made for it; returns its index.
uint32_t ipc_session_table_add(struct ipc_session_table *table, int descriptor, const struct sockaddr_storage *address,
                               int64_t now);

/// Removes a session. The caller closes its descriptor.
void ipc_session_table_remove(struct ipc_session_table *table, uint32_t index);

/// Moves a session to the end of the list by time to which it belongs now.
void ipc_session_table_touch(struct ipc_session_table *table, uint32_t index, int64_t now);

#ifdef __clang__
#pragma clang assume_nonnull end
#endif

#endif
