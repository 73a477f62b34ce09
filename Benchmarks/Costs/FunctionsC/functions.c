/* The measured functions in C. */
#include "../Callers/include/costs.h"

#include <string.h>

int64_t costs_add(int64_t one, int64_t other) { return one + other; }

void costs_copy_name(const struct costs_name *name, struct costs_name *copy) { *copy = *name; }

size_t costs_copy_text(const char *text, char *copy, size_t size) {
  size_t length = strlen(text);
  if (length < size)
    memcpy(copy, text, length + 1);
  return length;
}

void costs_notify(void (*event)(void *context, int64_t value), void *context, int64_t value) { event(context, value); }
