/* What the files of the C engine share, and nobody else sees. */
#ifndef IPC_INTERNAL_H
#define IPC_INTERNAL_H

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

/// The one place that turns a system call's result into the contract's.
static inline ssize_t ipc_result(ssize_t returned) { return returned < 0 ? -errno : returned; }

/// Makes a system call, and makes it again while a signal interrupts it: the one place for that, too.
#define IPC_CALL(result, call)                                                                                         \
  do                                                                                                                   \
    (result) = ipc_result(call);                                                                                       \
  while ((result) == -EINTR)

/// The endpoint as the kernel takes it. Errors: IPC_ERROR_NAME where the name is a host name, not an address.
int ipc_address_encode(const struct ipc_endpoint *endpoint, struct sockaddr_storage *address, socklen_t *length);

/// The endpoint of a kernel's address; 0, or 1 where an unnamed Unix socket has none.
int ipc_address_decode(const struct sockaddr_storage *address, socklen_t length, struct ipc_endpoint *endpoint);
/// The same of the address at the other end of a socket. Errors: as getpeername(2).
int ipc_address_peer(int socket, struct ipc_endpoint *endpoint);

/// Whether a host is an IPv4 or IPv6 address, and not a name to look up.
bool ipc_host_is_address(const char *host);

/// Whether a local name is one that a text could give.
int ipc_endpoint_check(const struct ipc_endpoint *endpoint);

/// Milliseconds of the monotonic clock.
int64_t ipc_now_ms(void);

/// What is left until a deadline, for ipc_wait(); a negative deadline is none.
int ipc_remaining_ms(int64_t deadline);

/// As ipc_accept(), with the address as the kernel gives it.
int ipc_accept_address(int listener, struct sockaddr_storage *address, socklen_t *length);

/// Tells the observer, if there is one, and returns the error.
int ipc_observer_notify(const struct ipc_observer *_Nullable observer, enum ipc_step step, int descriptor,
                        ssize_t result, const struct ipc_endpoint *_Nullable endpoint);

/// Notes where it failed, and returns the error.
int ipc_failure_record(struct ipc_failure *failure, enum ipc_step step, ssize_t error,
                       const struct ipc_endpoint *_Nullable endpoint);

#ifdef __clang__
#pragma clang assume_nonnull end
#endif

#endif
