/* The private functions of the files about sockets. */
#ifndef IPC_SOCKET_H
#define IPC_SOCKET_H

#include "../core/core.h"

#ifdef __clang__
#pragma clang assume_nonnull begin
#endif

/* stream.c */

/// Sets an option of a socket that is a number or a Boolean.
int ipc_stream_set_option(int socket, int level, int option, int value);

/// Returns the value of a socket's option, or the error.
int ipc_stream_option(int socket, int level, int option);

/// Makes a descriptor blocking or non-blocking.
int ipc_stream_set_blocking(int descriptor, bool blocking);

/// As ipc_create(), and reports IPC_STEP_CREATE.
int ipc_stream_create_reported(const struct ipc_endpoint *candidate, const struct ipc_observer *_Nullable observer,
                               struct ipc_failure *failure);

/* socket_file.c */

/// Removes the socket file that an ended server left; returns a lock that the caller must close once it has bound its
/// own socket. Errors: EADDRINUSE if a server still uses the file, if it is not a socket of this user, or if another
/// server has the lock for a second.
int ipc_socket_file_remove_stale(const struct ipc_endpoint *endpoint);

/// Records which file a server has bound.
void ipc_socket_file_record(struct ipc_server *server);

/// Removes a server's file, unless another file has replaced it.
void ipc_socket_file_remove(const struct ipc_server *server);

/* server.c */

/// As ipc_accept(), but gets the client's address as the kernel has it.
int ipc_server_accept_client(int listener, struct sockaddr_storage *address, socklen_t *length);

#ifdef __clang__
#pragma clang assume_nonnull end
#endif

#endif
