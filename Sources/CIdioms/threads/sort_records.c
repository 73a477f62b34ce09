#include <stdlib.h>
#include <string.h>

struct client_record {
  char name[16];
  long bytes;
};

static int compare_records(const void *a, const void *b) {
  const struct client_record *left = a, *right = b;
  if (left->bytes != right->bytes)
    return left->bytes > right->bytes ? -1 : 1;
  return strcmp(left->name, right->name);
}

/// Sorts records: the most bytes first, and those of the same number by
/// their names.
void sort_records(struct client_record *records, size_t count) {
  qsort(records, count, sizeof *records, compare_records);
}
