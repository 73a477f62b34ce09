/* Each call makes syscall(2), as the schedule of the calling thread demands. */
#define _DEFAULT_SOURCE /* syscall */

#include "faults.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct schedule {
  unsigned made, injected;
  int error;
  unsigned skip, times;
  bool late;
  size_t cap; ///< 0 is no limit
  bool announces;
  unsigned before_announcing;
  int announce_to;
};

static _Thread_local struct schedule schedules[FAULTS_INOTIFY_ADD + 1];

void faults_fail(enum faults_call call, int error, unsigned skip, unsigned times, bool late) {
  struct schedule *schedule = &schedules[call];
  schedule->error = error;
  schedule->skip = schedule->made + skip;
  schedule->times = times;
  schedule->late = late;
}

void faults_cap(enum faults_call call, size_t bytes) { schedules[call].cap = bytes; }

void faults_announce(enum faults_call call, unsigned skip, int descriptor) {
  struct schedule *schedule = &schedules[call];
  schedule->announces = true;
  schedule->before_announcing = schedule->made + skip;
  schedule->announce_to = descriptor;
}

unsigned faults_made(enum faults_call call) { return schedules[call].made; }

unsigned faults_injected(enum faults_call call) { return schedules[call].injected; }

void faults_clear(void) { memset(schedules, 0, sizeof schedules); }

static long perform(enum faults_call call, long number, const long arguments[6]) {
  struct schedule *schedule = &schedules[call];
  unsigned before = schedule->made++;
  if (schedule->announces && before == schedule->before_announcing)
    syscall(SYS_write, schedule->announce_to, "", 1);
  bool fails = schedule->error != 0 && before >= schedule->skip && before - schedule->skip < schedule->times;
  long returned = -1;
  if (!fails || schedule->late)
    returned = syscall(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
  if (!fails)
    return returned;
  schedule->injected++;
  errno = schedule->error;
  return -1;
}

#define PERFORM(call, number, ...) perform(call, number, (const long[6]){__VA_ARGS__})
#define WORD(pointer) ((long)(intptr_t)(pointer))

static long capped(enum faults_call call, size_t size) {
  struct schedule *schedule = &schedules[call];
  if (schedule->cap == 0 || size <= schedule->cap)
    return (long)size;
  schedule->injected++;
  return (long)schedule->cap;
}

int socket(int domain, int type, int protocol) {
  return (int)PERFORM(FAULTS_SOCKET, SYS_socket, domain, type, protocol);
}

int bind(int descriptor, const struct sockaddr *address, socklen_t length) {
  return (int)PERFORM(FAULTS_BIND, SYS_bind, descriptor, WORD(address), length);
}

int listen(int descriptor, int backlog) { return (int)PERFORM(FAULTS_LISTEN, SYS_listen, descriptor, backlog); }

int accept4(int descriptor, struct sockaddr *restrict address, socklen_t *restrict length, int flags) {
  return (int)PERFORM(FAULTS_ACCEPT, SYS_accept4, descriptor, WORD(address), WORD(length), flags);
}

int connect(int descriptor, const struct sockaddr *address, socklen_t length) {
  return (int)PERFORM(FAULTS_CONNECT, SYS_connect, descriptor, WORD(address), length);
}

ssize_t read(int descriptor, void *buffer, size_t size) {
  return PERFORM(FAULTS_READ, SYS_read, descriptor, WORD(buffer), capped(FAULTS_READ, size));
}

ssize_t write(int descriptor, const void *bytes, size_t size) {
  return PERFORM(FAULTS_WRITE, SYS_write, descriptor, WORD(bytes), capped(FAULTS_WRITE, size));
}

ssize_t splice(int from, loff_t *from_offset, int to, loff_t *to_offset, size_t length, unsigned flags) {
  return PERFORM(FAULTS_SPLICE, SYS_splice, from, WORD(from_offset), to, WORD(to_offset), capped(FAULTS_SPLICE, length),
                 flags);
}

ssize_t recv(int descriptor, void *buffer, size_t size, int flags) {
  return PERFORM(FAULTS_RECV, SYS_recvfrom, descriptor, WORD(buffer), capped(FAULTS_RECV, size), flags);
}

ssize_t send(int descriptor, const void *bytes, size_t size, int flags) {
  return PERFORM(FAULTS_SEND, SYS_sendto, descriptor, WORD(bytes), capped(FAULTS_SEND, size), flags);
}

/// Uses ppoll(2), because some architectures lack the system call of poll(2).
int poll(struct pollfd *set, nfds_t count, int timeout_ms) {
  struct timespec timeout = {timeout_ms / 1000, timeout_ms % 1000 * 1000000L};
  return (int)PERFORM(FAULTS_POLL, SYS_ppoll, WORD(set), (long)count, timeout_ms < 0 ? 0 : WORD(&timeout));
}

int setsockopt(int descriptor, int level, int option, const void *value, socklen_t length) {
  return (int)PERFORM(FAULTS_SETSOCKOPT, SYS_setsockopt, descriptor, level, option, WORD(value), length);
}

int getsockname(int descriptor, struct sockaddr *restrict address, socklen_t *restrict length) {
  return (int)PERFORM(FAULTS_GETSOCKNAME, SYS_getsockname, descriptor, WORD(address), WORD(length));
}

int shutdown(int descriptor, int how) { return (int)PERFORM(FAULTS_SHUTDOWN, SYS_shutdown, descriptor, how); }

int close(int descriptor) { return (int)PERFORM(FAULTS_CLOSE, SYS_close, descriptor); }

/// Uses newfstatat(2) and unlinkat(2), because some architectures lack the system calls of lstat(2) and unlink(2).
int lstat(const char *restrict path, struct stat *restrict status) {
  return (int)PERFORM(FAULTS_LSTAT, SYS_newfstatat, AT_FDCWD, WORD(path), WORD(status), AT_SYMLINK_NOFOLLOW);
}

int unlink(const char *path) { return (int)PERFORM(FAULTS_UNLINK, SYS_unlinkat, AT_FDCWD, WORD(path), 0); }

ssize_t pread(int descriptor, void *buffer, size_t size, off_t offset) {
  return PERFORM(FAULTS_PREAD, SYS_pread64, descriptor, WORD(buffer), capped(FAULTS_PREAD, size), offset);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t size, off_t offset) {
  return PERFORM(FAULTS_PWRITE, SYS_pwrite64, descriptor, WORD(bytes), capped(FAULTS_PWRITE, size), offset);
}

/// As mmap(2) of a 64-bit processor. malloc(3) makes its own call.
void *mmap(void *address, size_t size, int access, int flags, int descriptor, off_t offset) {
  long result = PERFORM(FAULTS_MMAP, SYS_mmap, WORD(address), (long)size, access, flags, descriptor, offset);
  return (void *)(intptr_t)result; /* -1 is MAP_FAILED */
}

int pipe2(int ends[2], int flags) { return (int)PERFORM(FAULTS_PIPE, SYS_pipe2, WORD(ends), flags); }

int inotify_init1(int flags) { return (int)PERFORM(FAULTS_INOTIFY_INIT, SYS_inotify_init1, flags); }

int inotify_add_watch(int watch, const char *path, uint32_t events) {
  return (int)PERFORM(FAULTS_INOTIFY_ADD, SYS_inotify_add_watch, watch, WORD(path), events);
}
