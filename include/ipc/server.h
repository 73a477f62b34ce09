/* A server. */
#ifndef IPC_SERVER_H
#define IPC_SERVER_H

#include "observer.h"
#include "service.h"

IPC_DECLARATIONS_BEGIN

/// Clients that may wait to be accepted, as in the originals.
#define IPC_BACKLOG_DEFAULT 10
/// Milliseconds that a server which has ended goes on discarding what its client still sends.
#define IPC_LINGER_MS 1000
/// Milliseconds that a server which stays waits before it accepts again when descriptors or memory ran out.
#define IPC_ACCEPT_PAUSE_MS 100
/// Clients that are served at once, unless the server says otherwise.
#define IPC_CLIENTS_DEFAULT 10000
/// Milliseconds that a first stop leaves the served clients to end, unless the server says otherwise.
#define IPC_DRAIN_DEFAULT_MS 10000

/// Gives the socket its endpoint; its name must be an address, not a host name. A TCP port may be taken again at once
/// after its last server ended (SO_REUSEADDR); an IPv6 socket takes IPv6 only; a Unix socket's file is made with mode
/// 0600. As bind(2).
int ipc_bind(int socket, const struct ipc_endpoint *endpoint);

/// Starts listening. As listen(2).
int ipc_listen(int socket, int backlog);

/// Accepts a client that waits, and tells its endpoint (the listener's own for a Unix client without a name). A client
/// that left before it was accepted is passed over. As accept4(2).
int ipc_accept(int listener, struct ipc_endpoint *_Nullable peer);

/// A socket that listens, and the file to remove with it.
struct ipc_server {
  int descriptor;
  int backlog;
  struct ipc_endpoint endpoint; ///< where it really listens: the port is the real one where 0 was asked for
  bool lent;                    ///< others go on with the socket: it is not shut down when serving stops
  bool has_file;
  uint64_t device, inode; ///< the file's
};

/// Listens on the first candidate that allows it: creates, binds, listens. A Unix socket whose file is left over from a
/// server that is gone (it is a socket, and ours, and nobody listens) is replaced; a live one is EADDRINUSE.
int ipc_server_open(const struct ipc_endpoint *candidates, size_t count, int backlog,
                    const struct ipc_observer *_Nullable observer, struct ipc_server *server,
                    struct ipc_failure *failure);

/// Takes over a socket that already listens, as a supervisor hands one on (sd_listen_fds(3)). It stays the
/// supervisor's: after a stop further clients wait for the next server, and who made its file removes it. Errors:
/// ENOTSOCK, ESOCKTNOSUPPORT (no stream socket), EINVAL (not listening).
int ipc_server_adopt(int descriptor, struct ipc_server *server);

/// What a server allows its clients; zero is no limit.
struct ipc_client_limits {
  int clients;             ///< served at once; further ones wait in the backlog
  int clients_per_address; ///< of a worker's over TCP from one address; a further one is closed: EUSERS (of accept)
  int idle_ms;             ///< without a byte in either direction; then ETIMEDOUT (of receive)
  uint64_t bytes;          ///< received and sent, together; then EFBIG (of receive)
};

/// How to serve.
struct ipc_serve_options {
  bool keep_open; ///< serve all clients, at once; a client's failure is told to the observer only, `output`'s ends it
  int stop;       ///< a descriptor to read stops from, or -1
  int drain_ms;   ///< that a first stop leaves the served clients to end; zero is none
  int workers;    ///< loops, each in a thread of its own with its part of limits.clients; 0 and 1: one, in the caller's
  int status_request; ///< a descriptor to read notices from, or -1: each makes the server tell its counters
  int output;         ///< where the message service prints
  struct ipc_client_limits limits;
};

/// Serves one client, or all that come, until it is stopped; both are success. The first stop ends
/// accepting, and lets clients end within the time; a second one, or the time's end, ends them. When descriptors or
/// memory run out, accepting pauses, which is told once. Errors: as its steps', and ENOMEM (of receive). As epoll(7).
int ipc_serve(const struct ipc_server *server, const struct ipc_service *service,
              const struct ipc_serve_options *serving, const struct ipc_observer *_Nullable observer,
              struct ipc_failure *failure);

/// Stops listening; removes the socket file if it is still the one that was made.
int ipc_server_close(struct ipc_server *server);

IPC_DECLARATIONS_END

#endif
