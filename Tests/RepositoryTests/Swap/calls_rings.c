/* Rings; and receiving and sending, which allocate nothing. */
#include "calls.h"

#include <stdatomic.h>
#include <sys/mman.h>

enum { CAPACITY = 4096 };

static void show_ring(FILE *out, const struct ipc_ring *ring) {
  fprintf(out, "  %u, %u, %u, %u, %u, %u, %u\n", ring->capacity, ring->side, ring->sent, ring->taken, ring->received,
          ring->filled, ring->half_closed);
}

static void call_both(FILE *out, struct ipc_ring *first, struct ipc_ring *second) {
  static char page[CAPACITY + 1], buffer[CAPACITY];
  show(out, "ipc_ring_receive", ipc_ring_receive(first, buffer, sizeof buffer));
  show(out, "ipc_ring_wait", ipc_ring_wait(first, IPC_READABLE, 0));
  show(out, "ipc_ring_wait", ipc_ring_wait(first, 0, 0));
  show(out, "ipc_ring_wait", ipc_ring_wait(first, IPC_READABLE | IPC_WRITABLE, -1));
  show(out, "ipc_ring_wake", ipc_ring_wake(second, IPC_READABLE));
  show(out, "ipc_ring_wait", ipc_ring_wait(second, IPC_READABLE, -1));
  show(out, "ipc_ring_wake", ipc_ring_wake(second, 0));
  show(out, "ipc_ring_send", ipc_ring_send(first, "hello", 5));
  show(out, "ipc_ring_receive", ipc_ring_receive(second, buffer, 2));
  show_ring(out, first);
  show_ring(out, second);
  show(out, "ipc_ring_send", ipc_ring_send(first, page, sizeof page));
  show(out, "ipc_ring_send", ipc_ring_send(first, page, sizeof page));
  show(out, "ipc_ring_wait", ipc_ring_wait(first, IPC_WRITABLE, 1));
  show(out, "ipc_ring_half_close", ipc_ring_half_close(first));
  show(out, "ipc_ring_send", ipc_ring_send(first, page, 1));
  show(out, "ipc_ring_receive", ipc_ring_receive(second, buffer, sizeof buffer));
  show(out, "ipc_ring_receive", ipc_ring_receive(second, buffer, sizeof buffer));
  show(out, "ipc_ring_close", ipc_ring_close(second));
  show(out, "ipc_ring_send", ipc_ring_send(second, page, 1));
  show(out, "ipc_ring_receive", ipc_ring_receive(first, buffer, sizeof buffer));
  show_ring(out, first);
  show_ring(out, second);
}

void call_rings(FILE *out) {
  struct ipc_ring first, second;
  show(out, "ipc_ring_size", ipc_ring_size(100));
  show(out, "ipc_ring_size", ipc_ring_size(CAPACITY));
  size_t size = (size_t)ipc_ring_size(CAPACITY);
  void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  require(memory != MAP_FAILED, "mmap");
  show(out, "ipc_ring_open", ipc_ring_open(memory, size, 0, &first));
  show(out, "ipc_ring_prepare", ipc_ring_prepare(memory, size - 1, CAPACITY));
  show(out, "ipc_ring_prepare", ipc_ring_prepare(memory, size, CAPACITY));
  show(out, "ipc_ring_open", ipc_ring_open(memory, size, 2, &first));
  show(out, "ipc_ring_open", ipc_ring_open(memory, size - 1, 0, &first));
  show(out, "ipc_ring_open", ipc_ring_open(memory, size, 0, &first));
  show(out, "ipc_ring_open", ipc_ring_open(memory, size, 1, &second));
  call_both(out, &first, &second);
  munmap(memory, size);
}

/* The program's own malloc(3), which counts. The functions of glibc that it calls are the ones that it replaces. */
static atomic_long allocations;
extern void *__libc_malloc(size_t size), *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);

void *malloc(size_t size) {
  allocations++;
  return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  allocations++;
  return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size) {
  allocations++;
  return __libc_realloc(memory, size);
}

static void count_sockets(FILE *out) {
  int pair[2];
  char buffer[8];
  require(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair) == 0, "socketpair");
  long before = allocations;
  for (int i = 0; i < 1000; i++)
    require(ipc_send(pair[0], "hello", 5, false) == 5 && ipc_receive(pair[1], buffer, sizeof buffer) == 5 &&
                ipc_receive(pair[1], buffer, sizeof buffer) == -EAGAIN && ipc_send(-1, "", 1, false) == -EBADF &&
                ipc_wait(pair[0], IPC_WRITABLE, -1, 1000) == IPC_WRITABLE,
            "ipc_send and ipc_receive");
  fprintf(out, "allocations of sockets: %ld\n", allocations - before);
  close(pair[0]);
  close(pair[1]);
}

static void count_rings(FILE *out) {
  struct ipc_ring first, second;
  char buffer[8];
  size_t size = (size_t)ipc_ring_size(CAPACITY);
  void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  require(memory != MAP_FAILED && ipc_ring_prepare(memory, size, CAPACITY) == 0, "ipc_ring_prepare");
  require(ipc_ring_open(memory, size, 0, &first) == 0 && ipc_ring_open(memory, size, 1, &second) == 0, "ipc_ring_open");
  long before = allocations;
  for (int i = 0; i < 1000; i++)
    require(ipc_ring_send(&first, "hello", 5) == 5 && ipc_ring_receive(&second, buffer, sizeof buffer) == 5 &&
                ipc_ring_receive(&second, buffer, sizeof buffer) == -EAGAIN,
            "ipc_ring_send and ipc_ring_receive");
  fprintf(out, "allocations of rings: %ld\n", allocations - before);
  munmap(memory, size);
}

void call_without_allocation(FILE *out) {
  count_sockets(out);
  count_rings(out);
}
