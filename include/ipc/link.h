/* Links: one server and, one after the other, its clients on the same machine, over a pipe, a queue or shared memory.
 *
 * A server calls ipc_link_listen, then for each client ipc_link_accept, ipc_link_receive and ipc_link_send,
 * ipc_link_disconnect; at last ipc_link_close. A client calls ipc_link_connect, ipc_link_send and ipc_link_receive,
 * ipc_link_half_close, ipc_link_close. ipc_link_serve and ipc_link_relay combine these steps.
 *
 * A link has no single descriptor to poll: ipc_link_wait() waits. Each end detects that the other one has died.
 */
#ifndef IPC_LINK_H
#define IPC_LINK_H

#include "client.h"
#include "server.h"
#include "stream.h"

IPC_DECLARATIONS_BEGIN

/// Bytes of a queue's message, including its head: the default, the minimum, and the kernel's maximum.
#define IPC_QUEUE_MESSAGE_DEFAULT 8192
#define IPC_QUEUE_MESSAGE_MIN 64
#define IPC_QUEUE_MESSAGE_MAX 16777216
/// Messages that a queue can hold: the default, and the kernel's maximum.
#define IPC_QUEUE_DEPTH_DEFAULT 10
#define IPC_QUEUE_DEPTH_MAX 65536
/// How often, in milliseconds, a waiting end checks that its peer is alive, if no event reports the peer's death.
#define IPC_PEER_CHECK_MS 250

/// Beside IPC_READABLE and IPC_WRITABLE: the extra descriptor of ipc_link_wait() is readable.
#define IPC_EXTRA 4

/// The sizes of a queue or of shared memory. The server chooses them; a client uses the server's.
struct ipc_link_sizes {
  uint32_t message; ///< bytes of a queue's message; 0 means IPC_QUEUE_MESSAGE_DEFAULT
  uint32_t depth;   ///< messages that a queue can hold; 0 means IPC_QUEUE_DEPTH_DEFAULT
  uint32_t ring;    ///< bytes of each ring of shared memory, a power of two; 0 means IPC_RING_DEFAULT
};

/// What ipc_link_connect() does while another client is connected.
enum IPC_CLOSED_ENUM ipc_link_busy {
  IPC_LINK_BUSY_WAIT, ///< it waits; clients are served in the order in which they came
  IPC_LINK_BUSY_FAIL, ///< it returns EBUSY
};

/// One end of a link, for one thread at a time.
struct ipc_link;

/// Creates the link's names with mode 0600, and owns them until ipc_link_serve() drains, or ipc_link_close(). Names
/// that a dead server left are replaced. On success `*link` is the new end. Errors: EADDRINUSE (a living server owns
/// the name; `failure->holder` is its process, if that is known), EINVAL (sizes), EAFNOSUPPORT (a socket's endpoint),
/// ENOMEM, ipc_local_error.
int ipc_link_listen(const struct ipc_endpoint *endpoint, const struct ipc_link_sizes *sizes,
                    const struct ipc_observer *_Nullable observer, struct ipc_link *_Nullable *_Nonnull link,
                    struct ipc_failure *failure);

/// Waits until a client connects. `extra` is a descriptor that cancels the wait once it is readable, or -1. A negative
/// timeout never expires. Errors: ECANCELED (`extra`), ETIMEDOUT.
int ipc_link_accept(struct ipc_link *link, int extra, int timeout_ms);

/// Connects to a server within the time. Objects that belong to another user than us or root, or that other users may
/// access, are not trusted. On success `*link` is the new end. Errors: ECONNREFUSED (no server owns the name, or it
/// accepts no more clients), EBUSY, ETIMEDOUT, EAFNOSUPPORT, ENOMEM, ipc_local_error.
int ipc_link_connect(const struct ipc_endpoint *endpoint, enum ipc_link_busy busy, int timeout_ms,
                     const struct ipc_observer *_Nullable observer, struct ipc_link *_Nullable *_Nonnull link,
                     struct ipc_failure *failure);

/// Returns the descriptor that holds the link's locks, for reports. The link owns it.
int ipc_link_descriptor(const struct ipc_link *link);

/// Receives at most `size` bytes; returns how many, or 0 at the peer's end. Errors: EAGAIN; EOWNERDEAD (the peer died,
/// and all that it had sent was received), EBADMSG (the peer sent an invalid message), ECONNRESET (the peer has failed,
/// or bytes that it sent are lost; reported once, as recv(2) does).
ssize_t ipc_link_receive(struct ipc_link *link, void *buffer, size_t size);

/// Sends at least one of the bytes; returns how many. Writing to a closed pipe raises SIGPIPE unless
/// ipc_ignore_write_signals() was called. Errors: EAGAIN; EPIPE (the peer has closed, or the server has died),
/// EOWNERDEAD (the client has died).
ssize_t ipc_link_send(struct ipc_link *link, const void *bytes, size_t length);

/// Waits until the link is ready for one of the events; returns those that it is ready for. `extra` is a descriptor
/// whose readability is returned as IPC_EXTRA, or -1. A link whose peer has died is ready for all of the events. Over
/// shared memory a thread may poll `extra` until ipc_link_disconnect(), so keep it open until then. A negative timeout
/// never expires. Errors: ETIMEDOUT.
int ipc_link_wait(struct ipc_link *link, int events, int extra, int timeout_ms);

/// Ends the sending direction: the peer receives the end after all bytes, and can still send. Errors: EAGAIN (a queue
/// is full).
int ipc_link_half_close(struct ipc_link *link);

/// Ends the conversation. If a queue is full, waits for at most IPC_LINGER_MS. A server can then accept the next
/// client.
int ipc_link_disconnect(struct ipc_link *link);

/// As ipc_link_disconnect(), but because this end has failed: its peer receives what was sent before, and then
/// ECONNRESET. A program that opened a pipe's FIFOs by hand sees an end.
int ipc_link_reset(struct ipc_link *link);

/// Serves one client, or clients one after the other, until it is stopped. As ipc_serve(), but `workers` and the limits
/// of the number of clients have no effect, and clients that still wait when a stop comes are refused. With the first
/// stop request, if `drain_ms` is not 0, the server gives up its names: another server can listen there. A session that
/// fails, or that a stop ends before all is answered, ends with ipc_link_reset().
int ipc_link_serve(struct ipc_link *link, const struct ipc_service *service, const struct ipc_serve_options *options,
                   const struct ipc_observer *_Nullable observer, struct ipc_failure *failure);

/// Copies from the input to the link and from the link to the output, until the server's end. As ipc_relay(), and
/// EOWNERDEAD: the server has died, and all that it had sent was written.
int ipc_link_relay(struct ipc_link *link, int input, int output, const struct ipc_relay_options *options,
                   const struct ipc_observer *_Nullable observer, struct ipc_failure *failure);

/// Ends the conversation, removes a server's names, and frees the link, even if an error is returned.
int ipc_link_close(struct ipc_link *link);

IPC_DECLARATIONS_END

#endif
