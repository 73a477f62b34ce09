#define _GNU_SOURCE

#include <pthread.h>
#include <stdatomic.h>

struct traffic {
  long received, sent;
};

static atomic_int active;

static pthread_mutex_t traffic_lock = PTHREAD_MUTEX_INITIALIZER;
static struct traffic traffic;

/// Counts a client that connects. Returns how many are connected.
int client_began(void) { return atomic_fetch_add(&active, 1) + 1; }

/// Counts a client that leaves. Returns how many are connected.
int client_ended(void) { return atomic_fetch_sub(&active, 1) - 1; }

/// Adds to both totals in one step. Returns the totals.
struct traffic traffic_add(long received, long sent) {
  pthread_mutex_lock(&traffic_lock);
  traffic.received += received;
  traffic.sent += sent;
  struct traffic total = traffic;
  pthread_mutex_unlock(&traffic_lock);
  return total;
}
