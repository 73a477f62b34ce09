/* The private functions of the files about sockets. */
#ifndef IPC_SOCKET_H
#define IPC_SOCKET_H

#include "../core/core.h"

#include <poll.h>
#include <pthread.h>

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

/// Makes closing a TCP socket a reset, so that its peer does not take what it has received for all (SO_LINGER of
/// socket(7)). It has no effect on a Unix socket.
void ipc_stream_reset_on_close(int socket);

/// As ipc_create(), and reports IPC_STEP_CREATE.
int ipc_stream_create_reported(const struct ipc_endpoint *candidate, const struct ipc_observer *_Nullable observer,
                               struct ipc_failure *failure);

/* output.c */

/// Maximum bytes of a line that the message service prints.
#define IPC_OUTPUT_LINE_MAX (64 + IPC_VIS_GROWTH * IPC_LINE_MAX)

/// Where the message service of a server prints: all its sessions share it. It holds the line that is being written,
/// so that lines never mix, and a line that was begun is also completed if its session ends.
struct ipc_output {
  int number;             ///< the caller's descriptor, for events; -1 if nothing is printed
  int descriptor;         ///< to write to, and to wait for
  pthread_mutex_t lock;   ///< guards what follows: workers print at the same time
  size_t length, written; ///< of `line`
  uint64_t taken, done;   ///< lines; each session's line is known by its number
  char line[IPC_OUTPUT_LINE_MAX];
};

/// Opens the output, or none if `descriptor` is -1. Borrows the descriptor.
void ipc_output_open(struct ipc_output *output, int descriptor);

/// Prints a line without waiting. `number` is 0 before the first call, and then the line's own. Errors: EAGAIN; then
/// the same call is to be repeated when the output is writable.
int ipc_output_print(struct ipc_output *output, const char *line, size_t length, uint64_t *number);

void ipc_output_close(struct ipc_output *output);

/* socket_file.c */

/// Locks the start of a server at a Unix socket's path, until it listens: another server would take its file for one
/// that an ended server left. `*lock` is for ipc_socket_file_unlock(); -1 if none is needed, or if the file
/// PATH.starting can't be ours alone. So no other user can delay a start. Errors: EADDRINUSE (another server has the
/// lock for a second).
int ipc_socket_file_lock(const struct ipc_endpoint *endpoint, int *lock);

/// Removes the lock's file, and closes it.
void ipc_socket_file_unlock(const struct ipc_endpoint *endpoint, int lock);

/// Removes the socket file that an ended server left. Errors: EADDRINUSE if a server still uses the file, or if it is
/// not a socket of this user.
int ipc_socket_file_remove_stale(const struct ipc_endpoint *endpoint);

/// Gives a new socket file mode 0600, of which the umask may have removed some; removes the file on failure.
int ipc_socket_file_restrict(const struct ipc_endpoint *endpoint);

/// Records which file a server has bound.
void ipc_socket_file_record(struct ipc_server *server);

/// Removes a server's file, unless another file has replaced it. No other server can replace it while the socket is
/// open. ipc_server_refuse() has closed the socket, and removed the file: then the number of its inode may be that of
/// the next server's file.
void ipc_socket_file_remove(const struct ipc_server *server);

/* attempts.c */

/// The connections that a client is making side by side, in the order in which they were started.
struct ipc_attempts {
  size_t count;
  struct pollfd set[IPC_CANDIDATES_MAX];
  const struct ipc_endpoint *_Nonnull candidates[IPC_CANDIDATES_MAX];
};

/// Adds a socket that is connecting to a candidate. There must be room.
void ipc_attempts_add(struct ipc_attempts *attempts, int socket, const struct ipc_endpoint *candidate);

/// Removes an attempt; returns its socket, and its candidate.
int ipc_attempts_remove(struct ipc_attempts *attempts, size_t index,
                        const struct ipc_endpoint *_Nonnull *_Nonnull candidate);

/// Waits until an attempt ends; returns its index. Errors: ETIMEDOUT at the deadline. As poll(2).
int ipc_attempts_wait(struct ipc_attempts *attempts, struct ipc_deadline deadline);

/// Closes the sockets of all attempts.
void ipc_attempts_close(struct ipc_attempts *attempts);

/* server.c */

/// Opens another listener at the same endpoint: the kernel distributes clients among them (SO_REUSEPORT, socket(7)).
/// The first listener gets that option only now, so that the kernel refused other servers at this port. Workers share a
/// Unix socket by copies of its descriptor, so that the last one that stops accepting closes it. A socket that a
/// supervisor lends is used by several workers instead. The caller closes `share`, on an error too.
int ipc_server_share(const struct ipc_server *server, struct ipc_server *share);

/// Lets the kernel check a TCP client that sends nothing for so many seconds, or not at all if it is 0. Sockets that a
/// listener accepts inherit it.
int ipc_server_set_keepalive(int socket, int seconds);

/// Refuses clients from now on, and gives up the name: another server can listen there at once. `placeholder` is any
/// descriptor that is not a socket; a copy of it replaces a Unix socket, so that the descriptor's number stays in use
/// until ipc_server_close(). Only closing frees an abstract name, and ends the wait of clients that found the backlog
/// full. Clients that are still in the backlog are reset.
void ipc_server_refuse(const struct ipc_server *server, int placeholder);

/// As ipc_accept(), but gets the client's address as the kernel has it.
int ipc_server_accept_client(int listener, struct sockaddr_storage *address, socklen_t *length);

/* adopt.c */

/// Sets the options of a client that has connected to a supervisor's socket before ipc_server_adopt(): it did not
/// inherit them.
void ipc_adopt_prepare_client(const struct ipc_server *server, int client);

/// Returns a copy of a connected server's descriptor, and gets the client's address as the kernel has it. Errors:
/// that of a client that has reset the connection. As dup(2).
int ipc_adopt_client(const struct ipc_server *server, struct sockaddr_storage *address, socklen_t *length);

#ifdef __clang__
#pragma clang assume_nonnull end
#endif

#endif
