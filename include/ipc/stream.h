/* Streams: create a socket, receive, send, wait, half-close, close. Servers and clients share these steps. */
#ifndef IPC_STREAM_H
#define IPC_STREAM_H

#include "endpoint.h"

IPC_DECLARATIONS_BEGIN

/// Bytes of each buffer through which a server, a relay or a link copies.
#define IPC_BUFFER_SIZE 262144

/// Events of ipc_wait(); they can be combined with |.
#define IPC_READABLE 1
#define IPC_WRITABLE 2

/// Creates a stream socket for an endpoint; returns its descriptor. Small messages are sent at once (TCP_NODELAY). For
/// the host * it is an IPv4 socket if the system has no IPv6. As socket(2).
int ipc_create(const struct ipc_endpoint *endpoint);

/// Receives at most `size` bytes; returns how many, or 0 at the end of the stream. Errors: EAGAIN. As recv(2).
ssize_t ipc_receive(int socket, void *buffer, size_t size);

/// Sends at least one of the bytes; returns how many. If `more` is true, more bytes or a half-close follow at once, and
/// the kernel may put them into the same segment. Errors: EAGAIN. As send(2) with MSG_NOSIGNAL and MSG_MORE.
ssize_t ipc_send(int socket, const void *bytes, size_t length, bool more);

/// Reads at most `size` bytes from any descriptor; returns how many, or 0 at the end. Errors: EAGAIN. As read(2).
ssize_t ipc_read(int descriptor, void *buffer, size_t size);

/// Writes all the bytes to any descriptor, and waits if it must; returns `length`. Writing to a closed pipe raises
/// SIGPIPE unless ipc_ignore_write_signals() was called. As write(2).
ssize_t ipc_write(int descriptor, const void *bytes, size_t length);

/// Opens a descriptor for ipc_write_some(): the pipe or terminal behind `descriptor` again, non-blocking. O_NONBLOCK
/// belongs to the open file, which other processes share with `descriptor`, so it can't be set there. Returns a
/// duplicate of a descriptor of any other kind, or if the file can't be opened again. As dup(2).
int ipc_open_writer(int descriptor);

/// Writes at least one of the bytes; returns how many, at most PIPE_BUF. Does not wait, even if the descriptor is a
/// blocking one of a pipe or a socket, and other processes write there. Errors: EAGAIN. As write(2), or as splice(2) or
/// send(2) without waiting.
ssize_t ipc_write_some(int descriptor, const void *bytes, size_t length);

/// Waits until the descriptor is ready for one of the events; returns those that it is ready for. A descriptor that
/// has failed or reached its end is ready for all of them. `stop` is a descriptor that cancels the wait once it is
/// readable, or -1. A negative timeout never expires. Errors: ECANCELED (stop), ETIMEDOUT. As poll(2).
int ipc_wait(int descriptor, int events, int stop, int timeout_ms);

/// Ends the sending direction: the peer receives the end of the stream, and can still send. As shutdown(2) with
/// SHUT_WR.
int ipc_half_close(int socket);

/// Closes a descriptor. The descriptor is invalid afterwards, even if an error is returned. As close(2).
int ipc_close(int descriptor);

IPC_DECLARATIONS_END

#endif
