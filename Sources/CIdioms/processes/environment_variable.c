#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/// Copies the value of a variable, with its final 0. Returns its length, or
/// a negative errno: -ENOENT without such a variable, -ENOBUFS without room.
int copy_variable(const char *name, char *buffer, size_t size) {
  const char *value = getenv(name);
  if (value == NULL)
    return -ENOENT;
  size_t length = strlen(value);
  if (length >= size)
    return -ENOBUFS;
  memcpy(buffer, value, length + 1);
  return (int)length;
}

/// Sets a variable, for this process and the children that it starts later.
/// Returns 0, or a negative errno.
int set_variable(const char *name, const char *value) {
  return setenv(name, value, 1) < 0 ? -errno : 0;
}

/// Returns the number of variables whose names start with a prefix.
int count_variables(const char *prefix) {
  int count = 0;
  // clearenv(3) makes it NULL.
  for (char **entry = environ; entry != NULL && *entry != NULL; entry++)
    if (strncmp(*entry, prefix, strlen(prefix)) == 0)
      count++;
  return count;
}
