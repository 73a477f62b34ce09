/* Declarations that `import Glibc` lacks; no logic. _GNU_SOURCE would provide them too, but it also changes fd_set, and
 * then no file could import both modules. */

/* Otherwise this module would own the structures of the headers below, such as sockaddr_storage, and a file that
 * imports only Glibc could not use their members. */
#pragma clang module import SwiftGlibc

#include "ancillary.h"
#include "callbacks.h"
#include "files.h"
#include "processes.h"
#include "readiness.h"
#include "signals.h"
#include <linux/futex.h>
#include <sched.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* <sys/socket.h> */
int accept4(int listener, struct sockaddr *_Nullable peer, socklen_t *_Nullable length, int flags);

/* <unistd.h> */
int pipe2(int *_Nonnull ends, int flags);
int dup3(int descriptor, int number, int flags);

/* <string.h> */
const char *_Nullable strerrordesc_np(int error);

/* <fcntl.h> */
#ifdef __aarch64__
#define O_DIRECT 0200000
#else
#define O_DIRECT 040000
#endif
#define O_PATH 010000000
#define F_OFD_GETLK 36
#define F_OFD_SETLK 37
#define SPLICE_F_NONBLOCK 2
ssize_t splice(int from, loff_t *_Nullable from_offset, int to, loff_t *_Nullable to_offset, size_t length,
               unsigned flags);

/* <sched.h> */
int sched_getaffinity(pid_t process, size_t size, cpu_set_t *_Nonnull set);

/* Swift can't call variadic functions, such as syscall(2). */
static inline long linux_futex(const void *_Nonnull word, int operation, uint32_t value,
                               const struct timespec *_Nullable until, uint32_t bits) {
  return syscall(SYS_futex, word, operation, value, until, NULL, bits);
}

/* Tells the processor that a loop is waiting. C has no function for it. */
static inline void linux_relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb");
#endif
}

/* <sys/mman.h>; mremap(2) is variadic. */
#define MREMAP_MAYMOVE 1
void *_Nonnull mremap(void *_Nonnull pages, size_t size, size_t wanted, int flags, ...);
static inline void *_Nonnull linux_mremap(void *_Nonnull pages, size_t size, size_t wanted) {
  return mremap(pages, size, wanted, MREMAP_MAYMOVE);
}

/* <malloc.h> */
#define M_ARENA_MAX (-8)
int mallopt(int option, int value);

/* <mqueue.h>; mq_open(3) is variadic. */
struct mq_attr {
  long mq_flags, mq_maxmsg, mq_msgsize, mq_curmsgs, reserved[4];
};
int mq_open(const char *_Nonnull name, int flags, ...);
int mq_unlink(const char *_Nonnull name);
int mq_getattr(int queue, struct mq_attr *_Nonnull attributes);
int mq_send(int queue, const char *_Nonnull message, size_t length, unsigned priority);
ssize_t mq_receive(int queue, char *_Nonnull message, size_t size, unsigned *_Nullable priority);
static inline int mq_open_existing(const char *_Nonnull name, int flags) { return mq_open(name, flags); }
static inline int mq_open_new(const char *_Nonnull name, int flags, mode_t mode, struct mq_attr *_Nonnull attributes) {
  return mq_open(name, flags, mode, attributes);
}
