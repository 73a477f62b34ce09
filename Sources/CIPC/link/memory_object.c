/* The shared memory object: its name, its size, its mapping, and the rings in it. */
#include "memory.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int open_object(const struct ipc_memory *memory, int flags) {
  int object;
  IPC_CALL(object, shm_open(memory->link.endpoint.name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | flags, S_IRUSR | S_IWUSR));
  if (object < 0)
    return object == -EINVAL ? -IPC_EKIND : ipc_name_lock_open_error(object);
  int error = ipc_name_lock_check(&memory->link, object, S_IFREG);
  if (error < 0)
    ipc_close(object);
  return error < 0 ? error : object;
}

/// Bytes of an object with rings of this capacity, or 0 if the capacity is not valid.
static off_t object_size(uint64_t capacity) {
  ssize_t rings = ipc_ring_size(capacity);
  return rings < 0 ? 0 : IPC_MEMORY_HEAD + (off_t)rings;
}

static int check_size(const struct ipc_memory *memory, uint64_t capacity) {
  struct stat status;
  int error;
  IPC_CALL(error, fstat(memory->link.rendezvous, &status));
  if (error < 0)
    return error;
  return status.st_size == object_size(capacity) ? 0 : -IPC_EKIND;
}

/* ---- The server's and the client's object ---------------------------------------------------------------------- */

/// Writes the head of a new object, and allocates the rest: a page that is missing later would raise SIGBUS.
static int initialize(const struct ipc_memory *memory) {
  const struct ipc_link *link = &memory->link;
  struct ipc_memory_rendezvous head = {
      .magic = IPC_MEMORY_MAGIC, .version = IPC_LINK_VERSION, .capacity = link->sizes.ring};
  int error;
  IPC_CALL(error, fchmod(link->rendezvous, S_IRUSR | S_IWUSR)); /* the umask may have removed some */
  if (error == 0)
    error = ipc_file_write(link->rendezvous, 0, &head, sizeof head);
  /* posix_fallocate(3) returns its error; it writes zeros on a file system without fallocate(2), such as ramfs. */
  while (error == 0 && (error = posix_fallocate(link->rendezvous, 0, object_size(link->sizes.ring))) == EINTR)
    error = 0;
  return error > 0 ? -error : error;
}

/// Whether an object that already has the name is a rendezvous, or is still empty. Errors: IPC_EKIND.
static int check_leftover(const struct ipc_memory *memory) {
  uint32_t magic;
  ssize_t count = ipc_file_read(memory->link.rendezvous, 0, &magic, sizeof magic);
  if (count <= 0)
    return (int)count;
  return count == sizeof magic && magic == IPC_MEMORY_MAGIC ? 0 : -IPC_EKIND;
}

void ipc_memory_object_remove(const struct ipc_memory *memory) {
  int error;
  if (ipc_name_lock_has_name(&memory->link))
    IPC_CALL(error, shm_unlink(memory->link.endpoint.name));
}

int ipc_memory_object_create(struct ipc_memory *memory) {
  struct ipc_link *link = &memory->link;
  for (;;) {
    int created = open_object(memory, O_CREAT | O_EXCL);
    link->rendezvous = created == -EEXIST ? open_object(memory, 0) : created;
    if (created == -EEXIST && link->rendezvous == -ENOENT)
      continue;
    if (link->rendezvous < 0)
      return link->rendezvous;
    int error = created >= 0 ? initialize(memory) : check_leftover(memory);
    if (error < 0 && created >= 0)
      ipc_memory_object_remove(memory);
    if (error == 0 && (error = ipc_name_lock_acquire_server(link)) < 0 && error != -EADDRINUSE && created >= 0)
      ipc_memory_object_remove(memory);
    bool is_owner = error == 0 && ipc_name_lock_has_name(link);
    if (is_owner && created >= 0)
      return 0;
    if (is_owner)
      IPC_CALL(error, shm_unlink(link->endpoint.name));
    ipc_name_lock_drop(&link->rendezvous);
    if (error < 0 && error != -ENOENT)
      return error;
  }
}

int ipc_memory_object_find(struct ipc_memory *memory) {
  struct ipc_link *link = &memory->link;
  struct ipc_memory_rendezvous head;
  link->rendezvous = open_object(memory, 0);
  if (link->rendezvous < 0)
    return link->rendezvous;
  if (!ipc_name_lock_has_server(link))
    return -ECONNREFUSED;
  ssize_t count = ipc_file_read(link->rendezvous, 0, &head, sizeof head);
  if (count < 0)
    return (int)count;
  if (count != sizeof head || head.magic != IPC_MEMORY_MAGIC || head.version != IPC_LINK_VERSION ||
      object_size(head.capacity) == 0)
    return -IPC_EKIND;
  link->sizes.ring = (uint32_t)head.capacity;
  int error = check_size(memory, head.capacity);
  return error < 0 ? error : ipc_memory_object_map(memory);
}

/* ---- The mapping ----------------------------------------------------------------------------------------------- */

int ipc_memory_object_map(struct ipc_memory *memory) {
  size_t size = (size_t)object_size(memory->link.sizes.ring);
  void *base = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, memory->link.rendezvous, 0);
  if (base == MAP_FAILED)
    return (int)ipc_result(-1);
  memory->base = base;
  memory->size = size;
  return 0;
}

int ipc_memory_object_open_ring(struct ipc_memory *memory) {
  unsigned char *rings = (unsigned char *)memory->base + IPC_MEMORY_HEAD;
  size_t size = memory->size - IPC_MEMORY_HEAD;
  bool is_server = memory->link.is_server;
  int error = check_size(memory, memory->link.sizes.ring); /* access beyond the end would raise SIGBUS */
  if (error == 0 && is_server)
    error = ipc_ring_prepare(rings, size, memory->link.sizes.ring);
  if (error == 0)
    error = ipc_ring_open(rings, size, is_server ? 0 : 1, &memory->ring);
  memory->phase = error == 0 ? IPC_MEMORY_CONNECTED : IPC_MEMORY_IDLE;
  return error;
}

void ipc_memory_object_unmap(struct ipc_memory *memory) {
  if (memory->base)
    munmap(memory->base, memory->size);
  memory->base = NULL;
}
