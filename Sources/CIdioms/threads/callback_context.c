#define _GNU_SOURCE

#include <stdlib.h>

struct ranking {
  const long *bytes;
  int comparisons;
};

static int by_bytes(const void *a, const void *b, void *context) {
  struct ranking *ranking = context;
  ranking->comparisons++;
  long left = ranking->bytes[*(const int *)a];
  long right = ranking->bytes[*(const int *)b];
  return (left < right) - (left > right);
}

/// Sorts numbers of clients, that with the most bytes first; bytes[n] are
/// those of client n. Returns how many comparisons that took.
int rank_clients(int *clients, size_t count, const long *bytes) {
  struct ranking ranking = {.bytes = bytes};
  qsort_r(clients, count, sizeof *clients, by_bytes, &ranking);
  return ranking.comparisons;
}
