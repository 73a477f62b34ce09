/* What all rooms of the C engine share: system calls, results, and the private functions of core. */
#ifndef IPC_CORE_H
#define IPC_CORE_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* accept4, pipe2, signalfd, splice, strerrordesc_np */
#endif

#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>

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

/* Memory whose size peers decide is mapped in pages of its own, and not allocated in the heap. So clients that use up
 * all memory do not use up the heap: an observer may be code that can't handle a failed allocation there, as in Swift.
 */

/// Bytes of the heap that a server leaves free for what its observer, and the rest of the program, allocate for a
/// moment.
#define IPC_HEAP_RESERVE (96 * 1024)

/// Makes the heap of the calling thread grow, if it has less than the reserve. Errors: ENOMEM.
static inline int ipc_heap_reserve(void) {
  void *reserve; /* compilers omit a malloc(3) that nothing uses */
  int error = posix_memalign(&reserve, _Alignof(max_align_t), IPC_HEAP_RESERVE);
  if (error == 0)
    free(reserve);
  return -error;
}

/// Unit of the size of mapped memory.
#define IPC_PAGE_SIZE 4096

/// Rounds a number of bytes up to whole pages.
static inline size_t ipc_pages_round(size_t size) { return (size + IPC_PAGE_SIZE - 1) / IPC_PAGE_SIZE * IPC_PAGE_SIZE; }

/// Maps more pages and moves the contents there, or maps the first ones. Returns NULL, and changes nothing, if there is
/// no memory.
static inline void *_Nullable ipc_pages_grow(void *_Nullable pages, size_t size, size_t wanted) {
  const int access = PROT_READ | PROT_WRITE, kind = MAP_PRIVATE | MAP_ANONYMOUS;
  void *grown = pages ? mremap(pages, size, wanted, MREMAP_MAYMOVE) : mmap(NULL, wanted, access, kind, -1, 0);
  return grown == MAP_FAILED ? NULL : grown;
}

/// Returns pages to the kernel.
static inline void ipc_pages_free(void *_Nullable pages, size_t size) {
  if (pages)
    munmap(pages, size);
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

/// Returns the nanoseconds of the monotonic clock.
static inline int64_t ipc_ticks(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/// Returns the milliseconds of the monotonic clock.
int64_t ipc_clock_now(void);

/// A moment of the monotonic clock that ends a wait. It counts nanoseconds, so that no wait ends before its time.
struct ipc_deadline {
  int64_t nanoseconds; ///< -1 never expires
};

/// Returns when a wait of that many milliseconds ends that starts now. A negative timeout never expires.
struct ipc_deadline ipc_clock_end(int timeout_ms);

/// Returns the deadline at a time that ipc_clock_now() returns.
struct ipc_deadline ipc_clock_at(int64_t now);

/// Returns the milliseconds that are left until a deadline, rounded up, for ipc_wait(); -1 if it never expires.
int ipc_clock_remaining(struct ipc_deadline deadline);

/// Returns the deadline that is earlier.
struct ipc_deadline ipc_clock_earlier(struct ipc_deadline one, struct ipc_deadline other);

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

/// Reads from a file, repeatedly after a short count. Returns how many bytes it had there. As pread(2), but EAGAIN, for
/// which no caller could wait, is EIO.
ssize_t ipc_file_read(int file, off_t offset, void *bytes, size_t size);

/// Writes all the bytes into a file. As pwrite(2): EFBIG, ENOSPC; EAGAIN is EIO.
int ipc_file_write(int file, off_t offset, const void *bytes, size_t length);

/* observer.c */

/// Reports a step to the observer, if there is one: its failure if `result` is negative, else its success with `result`
/// as its count. Returns the error, or 0.
int ipc_observer_notify(const struct ipc_observer *_Nullable observer, enum ipc_step step, int descriptor,
                        ssize_t result, const struct ipc_endpoint *_Nullable endpoint);

/* service.c */

/// Returns how many more bytes a client may move. A limit of 0 is no limit, and the result is INT64_MAX.
static inline int64_t ipc_service_room(uint64_t limit, uint64_t moved) {
  if (limit == 0 || limit > INT64_MAX)
    return INT64_MAX;
  return limit > moved ? (int64_t)(limit - moved) : 0;
}

/// How many bytes a service may receive: of the room, and of its buffer. Only as many that the echo of each has room,
/// too; so the result of a limit does not depend on the parts in which the bytes arrive.
size_t ipc_service_input_room(const struct ipc_service *service, int64_t room, size_t capacity);

/// Returns whether a reply depends only on how much of it was sent, and not on the input.
static inline bool ipc_service_is_reproducible(const struct ipc_service *service) {
  return service->kind == IPC_GREETING || service->kind == IPC_CHARGEN;
}

/// Shortens a reply that has no room, if a further step can generate the rest.
static inline void ipc_service_fit(const struct ipc_service *service, int64_t room, struct ipc_service_result *result) {
  if (!ipc_service_is_reproducible(service) || (int64_t)result->produced <= room)
    return;
  result->produced = (size_t)room;
  result->next = IPC_NEXT_OUTPUT;
}

/// Returns whether a step needs more than the room that was left before it, of which the `ignored` bytes are a part:
/// input that the last step of a service does not use.
static inline bool ipc_service_lacks_room(const struct ipc_service_result *result, int64_t room, size_t ignored) {
  int64_t needed = (int64_t)result->produced + (result->next == IPC_NEXT_OUTPUT);
  return needed - (result->next == IPC_NEXT_END ? (int64_t)ignored : 0) > room;
}

/* text.c */

/// Returns the length of the character at the start of the bytes; or 0 if it is ASCII, a control character (U+0080 to
/// U+009F), or not well-formed UTF-8 (Unicode, table 3-7).
size_t ipc_text_utf8_length(const unsigned char *bytes, size_t length);

#ifdef __clang__
#pragma clang assume_nonnull end
#endif

#endif
