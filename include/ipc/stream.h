/* Stream sockets. */
#ifndef IPC_STREAM_H
#define IPC_STREAM_H

#include "endpoint.h"

IPC_DECLARATIONS_BEGIN

/// Bytes of the buffer between two descriptors.
#define IPC_BUFFER_SIZE 262144

/// Events of ipc_wait(), alone or together.
#define IPC_READABLE 1
#define IPC_WRITABLE 2

/// Creates a stream socket for that endpoint. Small messages leave at once (TCP_NODELAY). As socket(2).
int ipc_create(const struct ipc_endpoint *endpoint);

/// Receives at most `size` bytes; 0 is the peer's end. As recv(2).
ssize_t ipc_receive(int socket, void *buffer, size_t size);

/// Sends some of the bytes, at least one; returns how many. `more` says that more, or the end, follows at once, so that
/// both leave in one segment. As send(2) with MSG_NOSIGNAL and MSG_MORE.
ssize_t ipc_send(int socket, const void *bytes, size_t length, bool more);

/// Reads at most `size` bytes from any descriptor; 0 is the end. As read(2).
ssize_t ipc_read(int descriptor, void *buffer, size_t size);

/// Writes all the bytes to any descriptor, waiting where it must; returns `length`. As write(2). A closed pipe raises
/// SIGPIPE unless it is ignored (ipc_ignore_write_signals).
ssize_t ipc_write(int descriptor, const void *bytes, size_t length);

/// Waits until the descriptor is ready for one of the events, or has failed or ended (then it counts as ready for all
/// that was asked); returns the events. `stop` is a descriptor whose readiness ends the wait, or -1. A negative timeout
/// is none. Errors: ECANCELED (stop), ETIMEDOUT. As poll(2).
int ipc_wait(int descriptor, int events, int stop, int timeout_ms);

/// Half-close: the peer sees the end, and may still send. As shutdown(2) with SHUT_WR.
int ipc_half_close(int socket);

/// Closes. The descriptor is gone whatever is returned. As close(2).
int ipc_close(int descriptor);

IPC_DECLARATIONS_END

#endif
