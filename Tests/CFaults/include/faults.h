/*
 * Fault injection. This target defines the system calls that both engines make, over syscall(2), so a test binary calls
 * these instead of libc's. They behave like libc's unless the calling thread has set a schedule of faults.
 *
 * Only test binaries link this target.
 */
#ifndef FAULTS_H
#define FAULTS_H

#include <stdbool.h>
#include <stddef.h>

#include "processors.h"

#ifdef __clang__
#define FAULTS_CLOSED_ENUM __attribute__((enum_extensibility(closed)))
#else
#define FAULTS_CLOSED_ENUM
#endif

/// The calls that support faults.
enum FAULTS_CLOSED_ENUM faults_call {
  FAULTS_SOCKET,
  FAULTS_BIND,
  FAULTS_LISTEN,
  FAULTS_ACCEPT,
  FAULTS_CONNECT,
  FAULTS_READ,
  FAULTS_WRITE,
  FAULTS_SPLICE,
  FAULTS_RECV,
  FAULTS_SEND,
  FAULTS_POLL,
  FAULTS_SETSOCKOPT,
  FAULTS_GETSOCKNAME,
  FAULTS_SHUTDOWN,
  FAULTS_CLOSE,
  FAULTS_LSTAT,
  FAULTS_UNLINK,
  FAULTS_PREAD,
  FAULTS_PWRITE,
  FAULTS_MMAP,
  FAULTS_PIPE,
  FAULTS_INOTIFY_INIT,
  FAULTS_INOTIFY_ADD,
};

/// Makes `times` calls fail with this errno after `skip` calls succeed. A `late` fault takes effect like a success and
/// then fails, like an interrupted connect(2) or close(2), which the kernel continues.
void faults_fail(enum faults_call call, int error, unsigned skip, unsigned times, bool late);

/// Limits the bytes that one read, pread, write, pwrite, splice, recv or send transfers.
void faults_cap(enum faults_call call, size_t bytes);

/// Writes a byte to the descriptor before the call that follows `skip` calls, so that another thread can wait until
/// this thread makes that call.
void faults_announce(enum faults_call call, unsigned skip, int descriptor);

/// Returns how many of these calls this thread has made since its last faults_clear().
unsigned faults_made(enum faults_call call);

/// Returns how many of them a schedule has changed.
unsigned faults_injected(enum faults_call call);

/// Removes all schedules and counts of this thread.
void faults_clear(void);

/* A declaration that `import Glibc` omits. */
int pipe2(int ends[2], int flags);

#endif
