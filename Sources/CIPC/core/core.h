/* What all rooms of the C engine share: system calls, results, and the private functions of core. */
#ifndef IPC_CORE_H
#define IPC_CORE_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* accept4, pipe2, signalfd, splice, strerrordesc_np */
#endif

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "ipc.h"

#ifdef __clang__
#pragma clang diagnostic ignored "-Wnullability-extension" /* to the end of the file that includes this */
#pragma clang assume_nonnull begin
#endif

/// Converts the result of a system call: an error becomes a negated errno, before anything else can change errno.
static inline ssize_t ipc_result(ssize_t returned) { return returned < 0 ? -errno : returned; }

/// Assigns the converted result of a system call, and repeats the call while a signal interrupts it.
#define IPC_CALL(result, call)                                                                                         \
  do                                                                                                                   \
    (result) = ipc_result(call);                                                                                       \
  while ((result) == -EINTR)

/// Records which step failed; returns the error.
static inline int ipc_failure_record(struct ipc_failure *failure, enum ipc_step step, ssize_t error,
                                     const struct ipc_endpoint *_Nullable endpoint) {
  *failure = (struct ipc_failure){.step = step, .has_endpoint = endpoint != NULL};
  if (endpoint)
    failure->endpoint = *endpoint;
  return (int)error;
}

/* address.c */

/// Encodes an endpoint for the kernel. Errors: IPC_ERROR_NAME if the host is a name, not an address.
int ipc_address_encode(const struct ipc_endpoint *endpoint, struct sockaddr_storage *address, socklen_t *length);

/// Decodes a kernel's address; returns 0, or 1 if it is that of an unnamed Unix socket, which has no endpoint.
int ipc_address_decode(const struct sockaddr_storage *address, socklen_t length, struct ipc_endpoint *endpoint);

/// Decodes the address of a socket's peer, as ipc_address_decode(). Errors: as getpeername(2).
int ipc_address_peer(int socket, struct ipc_endpoint *endpoint);

/* clock.c */

/// Returns the milliseconds of the monotonic clock.
int64_t ipc_clock_now(void);

/// Returns the milliseconds that are left until a deadline, for ipc_wait(). A negative deadline never expires.
int ipc_clock_remaining(int64_t deadline);

/* endpoint.c */

/// Returns whether a host is an IPv4 or IPv6 address. Any other host is a name to resolve.
bool ipc_endpoint_is_address(const char *host);

/// Checks the name of a pipe, a queue or shared memory. Errors: those of ipc_endpoint_parse().
int ipc_endpoint_check(const struct ipc_endpoint *endpoint);

/* file.c */

/// Gives a file of our own exactly this mode, whatever the umask was, and does not follow a symbolic link. `type` is
/// S_IFSOCK and so on. Errors: ESTALE (another file has the path).
int ipc_file_set_mode(const char *path, mode_t type, mode_t mode);

/* observer.c */

/// Reports a step to the observer, if there is one: its failure if `result` is negative, else its success with `result`
/// as its count. Returns the error, or 0.
int ipc_observer_notify(const struct ipc_observer *_Nullable observer, enum ipc_step step, int descriptor,
                        ssize_t result, const struct ipc_endpoint *_Nullable endpoint);

#ifdef __clang__
#pragma clang assume_nonnull end
#endif

#endif
