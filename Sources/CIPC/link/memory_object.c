/* What shared memory is made of: the object, its mapping, and the rings in it. */
#include "memory.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

_Static_assert(offsetof(struct ipc_memory_rendezvous, client) == offsetof(struct ipc_pipe_rendezvous, client) &&
                   offsetof(struct ipc_memory_rendezvous, server) == offsetof(struct ipc_pipe_rendezvous, server),
               "its words are a pipe's");

static int open_object(const struct ipc_link *link, int flags, bool trusts_root) {
  int object;
  IPC_CALL(object, shm_open(link->endpoint.name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | flags, S_IRUSR | S_IWUSR));
  int error = object == -EINVAL ? -IPC_EKIND
              : object < 0      ? ipc_hold_kind(object)
                                : ipc_hold_check(object, S_IFREG, trusts_root);
  if (object >= 0 && error < 0)
    ipc_close(object);
  return error < 0 ? error : object;
}

/// Bytes of an object with rings of that capacity, or 0 where there are none such.
static off_t object_size(uint64_t capacity) {
  ssize_t rings = ipc_ring_size(capacity);
  return rings < 0 ? 0 : IPC_MEMORY_HEAD + (off_t)rings;
}

static int check_size(const struct ipc_link *link, uint64_t capacity) {
  struct stat status;
  int error;
  IPC_CALL(error, fstat(link->lobby, &status));
  return error < 0 ? error : status.st_size == object_size(capacity) ? 0 : -IPC_EKIND;
}

/* ---- The server's and the client's object ---------------------------------------------------------------------- */

/// Gives a new object its head, and then its size; all of it is there at once, as a page that is missing later would be
/// SIGBUS.
static int furnish(const struct ipc_link *link) {
  struct ipc_memory_rendezvous head = {
      .magic = IPC_MEMORY_MAGIC, .version = IPC_LINK_VERSION, .capacity = link->sizes.ring};
  int error;
  IPC_CALL(error, fchmod(link->lobby, S_IRUSR | S_IWUSR)); /* whatever the umask has left of it */
  if (error == 0)
    error = ipc_hold_write(link->lobby, 0, &head, sizeof head);
  if (error == 0)
    IPC_CALL(error, fallocate(link->lobby, 0, 0, object_size(link->sizes.ring)));
  return error;
}

/// Whether what stands there is a lobby, or was about to become one.
static int check_leftover(const struct ipc_link *link) {
  uint32_t magic;
  ssize_t count;
  IPC_CALL(count, pread(link->lobby, &magic, sizeof magic, 0));
  if (count <= 0)
    return (int)count;
  return count == sizeof magic && magic == IPC_MEMORY_MAGIC ? 0 : -IPC_EKIND;
}

/// One that is left over is replaced, by a server that held it: of two that find it, the other one sees that it lost
/// its name, and begins again.
int ipc_object_make(struct ipc_link *link) {
  for (;;) {
    int made = open_object(link, O_CREAT | O_EXCL, false);
    link->lobby = made == -EEXIST ? open_object(link, 0, false) : made;
    if (made == -EEXIST && link->lobby == -ENOENT)
      continue;
    if (link->lobby < 0)
      return link->lobby;
    int error = made >= 0 ? furnish(link) : check_leftover(link);
    if (error < 0 && made >= 0)
      ipc_memory_remove(link);
    if (error == 0)
      error = ipc_hold_take(link->lobby, &link->holder);
    bool holds = error == 0 && ipc_hold_has_name(link->lobby);
    if (holds && made >= 0)
      return 0;
    if (holds)
      IPC_CALL(error, shm_unlink(link->endpoint.name));
    ipc_link_drop(&link->lobby);
    if (error < 0 && error != -ENOENT)
      return error;
  }
}

int ipc_object_find(struct ipc_link *link) {
  struct ipc_memory_rendezvous head;
  if ((link->lobby = open_object(link, 0, true)) < 0)
    return link->lobby;
  if (!ipc_hold_is_taken(link->lobby))
    return -ECONNREFUSED;
  ssize_t count;
  IPC_CALL(count, pread(link->lobby, &head, sizeof head, 0));
  if (count < 0)
    return (int)count;
  if (count != sizeof head || head.magic != IPC_MEMORY_MAGIC || head.version != IPC_LINK_VERSION ||
      object_size(head.capacity) == 0)
    return -IPC_EKIND;
  link->sizes.ring = (uint32_t)head.capacity;
  int error = check_size(link, head.capacity);
  return error < 0 ? error : ipc_object_map(link);
}

/* ---- The mapping ----------------------------------------------------------------------------------------------- */

int ipc_object_map(struct ipc_link *link) {
  struct ipc_memory *memory = calloc(1, sizeof *memory);
  if (!memory)
    return -ENOMEM;
  memory->size = (size_t)object_size(link->sizes.ring);
  memory->base = mmap(NULL, memory->size, PROT_READ | PROT_WRITE, MAP_SHARED, link->lobby, 0);
  int error = memory->base == MAP_FAILED ? -errno : 0;
  if (error < 0)
    free(memory);
  else
    link->memory = memory;
  return error;
}

int ipc_object_begin(struct ipc_link *link) {
  struct ipc_memory *memory = link->memory;
  unsigned char *rings = (unsigned char *)memory->base + IPC_MEMORY_HEAD;
  size_t size = memory->size - IPC_MEMORY_HEAD;
  int error = check_size(link, link->sizes.ring); /* beyond its end there is nothing but SIGBUS */
  if (error == 0 && link->serves)
    error = ipc_ring_prepare(rings, size, link->sizes.ring);
  if (error == 0)
    error = ipc_ring_open(rings, size, link->serves ? 0 : 1, &memory->ring);
  memory->talks = error == 0;
  memory->gone = false;
  return error;
}

void ipc_object_unmap(struct ipc_link *link) {
  munmap(link->memory->base, link->memory->size);
  free(link->memory);
  link->memory = NULL;
}
