#define _GNU_SOURCE

#include <errno.h>
#include <pthread.h>

#define SESSION_LIMIT 64

struct session_table {
  pthread_mutex_t lock;
  int count, ids[SESSION_LIMIT];
};

/// Initializes an empty table.
void session_table_init(struct session_table *table) {
  pthread_mutex_init(&table->lock, NULL);
  table->count = 0;
}

/// Adds a session. Returns how many there are, or -EEXIST or -ENOSPC.
int session_add(struct session_table *table, int id) {
  pthread_mutex_lock(&table->lock);
  int result = 0;
  for (int i = 0; i < table->count && result == 0; i++)
    if (table->ids[i] == id)
      result = -EEXIST;
  if (result == 0 && table->count == SESSION_LIMIT)
    result = -ENOSPC;
  if (result == 0) {
    table->ids[table->count++] = id;
    result = table->count;
  }
  pthread_mutex_unlock(&table->lock);
  return result;
}

/// Removes a session. Returns how many remain, or -ENOENT.
int session_remove(struct session_table *table, int id) {
  pthread_mutex_lock(&table->lock);
  int result = -ENOENT;
  for (int i = 0; i < table->count; i++)
    if (table->ids[i] == id) {
      result = table->count - 1;
      table->ids[i] = table->ids[result];
      table->count = result;
      break;
    }
  pthread_mutex_unlock(&table->lock);
  return result;
}
