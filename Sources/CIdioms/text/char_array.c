#define _GNU_SOURCE

#include <errno.h>
#include <string.h>
#include <sys/utsname.h>

/// Sets the name of a machine, which is an array of 65 characters. Returns
/// 0, or -ENAMETOOLONG.
int node_name_set(struct utsname *machine, const char *name) {
  size_t length = strlen(name);
  if (length >= sizeof machine->nodename)
    return -ENAMETOOLONG;
  memset(machine->nodename, 0, sizeof machine->nodename);
  memcpy(machine->nodename, name, length);
  return 0;
}

/// Copies the name of a machine, which need not end with a NUL, to a
/// string. Returns its length, or -ENOBUFS.
int node_name_get(const struct utsname *machine, char *name, size_t size) {
  size_t length = strnlen(machine->nodename, sizeof machine->nodename);
  if (length >= size)
    return -ENOBUFS;
  memcpy(name, machine->nodename, length);
  name[length] = '\0';
  return (int)length;
}
