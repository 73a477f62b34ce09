/*
 * Faults on demand. This target defines system calls that both engines make, over syscall(2), so that they are the ones
 * that a test binary calls. Without a schedule they do what libc's do; a schedule is the calling thread's own.
 *
 * Linked into test binaries only.
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

/// The calls that can be made to fail.
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
};

/// After `skip` calls, lets `times` calls fail with this errno. `late`: only once they are done, as the kernel does
/// with an interrupted connect(2) or close(2), which goes on all the same.
void faults_fail(enum faults_call call, int error, unsigned skip, unsigned times, bool late);

/// From now on read, write, splice, recv and send move at most this many bytes at once.
void faults_cap(enum faults_call call, size_t bytes);

/// After `skip` calls, writes a byte to the descriptor before the next is made: whoever waits for it knows how far this
/// thread has come.
void faults_announce(enum faults_call call, unsigned skip, int descriptor);

/// Since the last faults_clear() in this thread: the calls that were made, and of those the ones that a schedule
/// changed.
unsigned faults_made(enum faults_call call);
unsigned faults_injected(enum faults_call call);

/// Takes all schedules of this thread away.
void faults_clear(void);

/* What `import Glibc` omits. */
int pipe2(int ends[2], int flags);

#endif
