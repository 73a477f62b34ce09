/* A server: bind, listen and accept, step by step; or open and serve, which do it all. */
#ifndef IPC_SERVER_H
#define IPC_SERVER_H

#include "observer.h"
#include "service.h"

IPC_DECLARATIONS_BEGIN

/// Default number of clients that can wait to be accepted, as in the originals.
#define IPC_BACKLOG_DEFAULT 10
/// Default seconds without data after which the kernel checks that a TCP client is alive, and the kernel's maximum.
#define IPC_KEEPALIVE_DEFAULT_S 60
#define IPC_KEEPALIVE_MAX_S 32767
/// The check: so many probes, at most so many seconds apart. If none is answered, the connection fails (ETIMEDOUT of
/// IPC_STEP_RECEIVE).
#define IPC_KEEPALIVE_PROBES 4
#define IPC_KEEPALIVE_INTERVAL_S 15
/// Milliseconds for which a server goes on discarding a client's input after the service has ended.
#define IPC_LINGER_MS 1000
/// Milliseconds for which a server stops accepting when it has no descriptors or no memory left, or when another error
/// of accept(2) repeats.
#define IPC_ACCEPT_PAUSE_MS 100
/// Maximum listeners of one server.
#define IPC_LISTENERS_MAX 16
/// Default number of clients that are served at once.
#define IPC_CLIENTS_DEFAULT 10000
/// Default milliseconds that clients have to end after the first stop request.
#define IPC_DRAIN_DEFAULT_MS 10000

/// Binds a socket to an endpoint, whose name must be an address, not a host name. A TCP port can be bound again as soon
/// as its last server has ended (SO_REUSEADDR). An IPv6 socket accepts IPv4 only for the host *. A Unix socket's file
/// gets mode 0600, whatever the umask is. As bind(2).
int ipc_bind(int socket, const struct ipc_endpoint *endpoint);

/// Starts to listen. As listen(2).
int ipc_listen(int socket, int backlog);

/// Accepts a client and gets its endpoint, or the listener's own if a Unix client has no name; returns the connection's
/// descriptor. Skips clients that have left the backlog, a bounded number. Errors: EAGAIN. As accept4(2).
int ipc_accept(int listener, struct ipc_endpoint *_Nullable peer);

/// How to listen.
struct ipc_listen_options {
  int backlog;     ///< clients that can wait to be accepted
  int keepalive_s; ///< over TCP: see IPC_KEEPALIVE_DEFAULT_S; 0 is off
  mode_t mode;     ///< of a Unix socket's file, with at least 0600; 0 means 0600
  bool has_group;  ///< set the group of a Unix socket's file
  gid_t group;
};

/// A listening socket, and the socket file to remove with it.
struct ipc_server {
  int descriptor;
  int backlog, keepalive_s;
  struct ipc_endpoint endpoint; ///< where it listens; the real port if port 0 was requested
  bool lent;                    ///< a supervisor keeps the socket open, so a stop does not shut it down
  bool connected;               ///< the socket does not listen: it is connected to the only client
  bool has_file;
  uint64_t device, inode; ///< of the socket file, if there is one
};

/// Creates, binds and listens, at the first candidate where this succeeds. A Unix socket's file gets its group and then
/// its mode before clients can connect. Errors: EINVAL (a mode without 0600, or beyond 0777), EPERM (not a group of
/// this user), ESTALE (another file has replaced the new socket). Replaces a Unix socket's file if it is a socket of
/// the same user and no server listens on it; if one does, that candidate is EADDRINUSE. So that another server that
/// starts at the same time does not take the new file for such a leftover, both lock the file PATH.starting until they
/// listen; a file of that name that other users could lock is ignored.
int ipc_server_open(const struct ipc_endpoint *candidates, size_t count, const struct ipc_listen_options *options,
                    const struct ipc_observer *_Nullable observer, struct ipc_server *server,
                    struct ipc_failure *failure);

/// Adopts a socket on which a supervisor listens (sd_listen_fds(3)), and sets its keepalive. The supervisor keeps it:
/// after a stop, new clients wait for the next server, and the supervisor removes the file. A socket that does not
/// listen is one client that a supervisor has accepted, as inetd(8) does. Errors: ENOTSOCK, ESOCKTNOSUPPORT (not a
/// stream socket), EINVAL (neither listening nor connected), and the error of a client that has reset the connection.
int ipc_server_adopt(int descriptor, const struct ipc_listen_options *options, struct ipc_server *server);

/// What each client may use; 0 is unlimited. A client over a limit sees a reset over TCP.
struct ipc_client_limits {
  int clients;             ///< served at once; further clients wait in the backlog
  int clients_per_address; ///< per worker, over TCP, with an IPv6 /64 as one address; a further client is closed:
                           ///< EUSERS of IPC_STEP_ACCEPT
  int idle_ms;             ///< without a byte in either direction, then closed: ETIMEDOUT of IPC_STEP_WAIT; does not
                           ///< run while the client waits for the server's output
  int time_ms;             ///< since IPC_STEP_ACCEPT, then closed: ETIMEDOUT of IPC_STEP_TIME_LIMIT
  uint64_t bytes; ///< received and sent together; a client that needs more is closed: EFBIG of IPC_STEP_RECEIVE
};

/// How to serve.
struct ipc_serve_options {
  bool keep_open;     ///< serve all clients, at once; only the observer learns of a client's failure
  int stop;           ///< a descriptor with stop requests, or -1
  int drain_ms;       ///< milliseconds that clients have to end after the first stop request; 0 ends them at once
  int workers;        ///< threads, each with a loop and its part of limits.clients; 0 or 1: the calling thread
  int status_request; ///< a descriptor with requests to report the counters, or -1
  int output;         ///< where the message service prints; a failure to write there stops the server
  struct ipc_client_limits limits;
};

/// Serves one client, or all clients until a stop request; returns 0. After the first stop request the server waits
/// `drain_ms` for the clients that it has; the second one closes them. Meanwhile it refuses new clients, and another
/// server can listen at its endpoint: it has removed its socket file, and the descriptor of a Unix socket can only be
/// closed with ipc_server_close(). A socket that a supervisor lends stays as it is. Only EBADF, EFAULT, EINVAL
/// and ENOTSOCK of accept(2) end the server. It reports any other error once while it repeats, and accepts again, after
/// a pause if descriptors or memory are short or the error repeats. A session or a server that fails resets its TCP
/// clients. So does a stop that ends a session while the client lacks a part of what the service sends, or has sent
/// bytes that the service has not answered; clients that are left in a TCP backlog are reset too.
///
/// There may be several listeners: the server serves the clients of all of them within the same limits, and accepts
/// from each in turn. It reports requests with the first one's endpoint. A socket that is connected must be alone; the
/// server serves that client, in one thread, and ends; ipc_server_close() then closes the connection. Errors: those of
/// the steps, ENOMEM, and of IPC_STEP_LISTEN EINVAL (no listener, or more than IPC_LISTENERS_MAX) and EISCONN (a
/// connected socket among several). As epoll(7).
int ipc_serve(const struct ipc_server *servers, size_t count, const struct ipc_service *service,
              const struct ipc_serve_options *options, const struct ipc_observer *_Nullable observer,
              struct ipc_failure *failure);

/// Stops listening, and removes the socket file unless it was removed after a stop, or another server has replaced it.
int ipc_server_close(struct ipc_server *server);

IPC_DECLARATIONS_END

#endif
