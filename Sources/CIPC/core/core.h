/* What all rooms of the C engine share: system calls, results, and the private functions of core. */
#ifndef IPC_CORE_H
#define IPC_CORE_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* accept4, pipe2, signalfd, splice, strerrordesc_np */
#endif

#include <errno.h>
#include <netinet/in.h>
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

/// Encodes an endpoint for the kernel; the host `*` is encoded as ::. Errors: IPC_ERROR_NAME if the host is a name, not
/// an address.
int ipc_address_encode(const struct ipc_endpoint *endpoint, struct sockaddr_storage *address, socklen_t *length);

/// Gets the IPv4 address that an IPv6 address contains: a socket for both reports its IPv4 peers in that form
/// (ipv6(7)). Returns false if it contains none.
bool ipc_address_unmap(const struct in6_addr *v6, struct in_addr *v4);

/// Decodes a kernel's address, and an IPv4 address that is mapped to IPv6 as IPv4; returns 0, or 1 if it is that of an
/// unnamed Unix socket, which has no endpoint.
int ipc_address_decode(const struct sockaddr_storage *address, socklen_t length, struct ipc_endpoint *endpoint);

/// Decodes the address of a socket's peer, as ipc_address_decode(). Errors: as getpeername(2).
int ipc_address_peer(int socket, struct ipc_endpoint *endpoint);

/// Returns whether a TCP socket's own address is its peer's: tcp(7) connects a socket to itself if the kernel chose the
/// server's port for the client, and no server listens there.
bool ipc_address_is_own(int socket);

/* clock.c */

/// Returns the milliseconds of the monotonic clock.
int64_t ipc_clock_now(void);

/// Returns the milliseconds that are left until a deadline, for ipc_wait(). A negative deadline never expires.
int ipc_clock_remaining(int64_t deadline);

/* endpoint.c */

/// Returns whether a host is `*`, all IPv4 and IPv6 addresses of the machine.
bool ipc_endpoint_is_wildcard(const char *host);

/// Returns whether a host is an IPv4 or IPv6 address, or `*`. Any other host is a name to resolve.
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

/* text.c */

/// Returns the length of the character at the start of the bytes; or 0 if it is ASCII, a control character (U+0080 to
/// U+009F), or not well-formed UTF-8 (Unicode, table 3-7).
size_t ipc_text_utf8_length(const unsigned char *bytes, size_t length);

#ifdef __clang__
#pragma clang assume_nonnull end
#endif

#endif
