/* The server's steps: bind, listen, accept; and ipc_server_open(), which combines them. */
#include "socket.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/stat.h>
#include <unistd.h>

/// Encodes an endpoint for bind(2). ipc_create() may have made an IPv4 socket for all addresses.
static int encode(int socket, const struct ipc_endpoint *endpoint, struct sockaddr_storage *address,
                  socklen_t *length) {
  struct ipc_endpoint own = *endpoint;
  if (endpoint->transport == IPC_TCP && ipc_endpoint_is_wildcard(endpoint->name) &&
      ipc_stream_option(socket, SOL_SOCKET, SO_DOMAIN) == AF_INET)
    own = (struct ipc_endpoint){.transport = IPC_TCP, .port = endpoint->port, .length = 7, .name = "0.0.0.0"};
  return ipc_address_encode(&own, address, length);
}

int ipc_bind(int socket, const struct ipc_endpoint *endpoint) {
  struct sockaddr_storage address;
  socklen_t length;
  int error = encode(socket, endpoint, &address, &length);
  if (error == 0 && endpoint->transport == IPC_TCP)
    error = ipc_stream_set_option(socket, SOL_SOCKET, SO_REUSEADDR, 1);
  if (error == 0 && address.ss_family == AF_INET6)
    error = ipc_stream_set_option(socket, IPPROTO_IPV6, IPV6_V6ONLY, !ipc_endpoint_is_wildcard(endpoint->name));
  if (error == 0 && endpoint->transport == IPC_UNIX) /* Linux gives the file the socket's mode: it is never public */
    IPC_CALL(error, fchmod(socket, S_IRUSR | S_IWUSR));
  if (error == 0)
    IPC_CALL(error, bind(socket, (struct sockaddr *)&address, length));
  return error == 0 && endpoint->transport == IPC_UNIX ? ipc_socket_file_restrict(endpoint) : error;
}

int ipc_server_set_keepalive(int socket, int seconds) {
  int interval = seconds < IPC_KEEPALIVE_INTERVAL_S ? seconds : IPC_KEEPALIVE_INTERVAL_S;
  int error = ipc_stream_set_option(socket, SOL_SOCKET, SO_KEEPALIVE, seconds > 0);
  if (error < 0 || seconds <= 0)
    return error;
  error = ipc_stream_set_option(socket, IPPROTO_TCP, TCP_KEEPIDLE, seconds);
  if (error == 0)
    error = ipc_stream_set_option(socket, IPPROTO_TCP, TCP_KEEPINTVL, interval);
  return error < 0 ? error : ipc_stream_set_option(socket, IPPROTO_TCP, TCP_KEEPCNT, IPC_KEEPALIVE_PROBES);
}

int ipc_listen(int socket, int backlog) {
  int error;
  IPC_CALL(error, listen(socket, backlog));
  return error;
}

/// Returns whether accept(2) reports a client that is gone, or a failure of its network, rather than the listener's.
static bool is_client_error(int error) {
  switch (-error) {
  case ECONNABORTED:
  case EPROTO:
  case ENETDOWN:
  case ENOPROTOOPT:
  case EHOSTDOWN:
  case ENONET:
  case EHOSTUNREACH:
  case ENETUNREACH:
    return true;
  default:
    return false;
  }
}

int ipc_server_accept_client(int listener, struct sockaddr_storage *address, socklen_t *length) {
  enum { SKIPS = 64 }; /* bounded: an error that stays must not keep the caller here */
  int connection = 0;
  for (int skipped = 0; skipped == 0 || (skipped <= SKIPS && is_client_error(connection)); skipped++) {
    *length = sizeof *address;
    IPC_CALL(connection, accept4(listener, (struct sockaddr *)address, length, SOCK_CLOEXEC | SOCK_NONBLOCK));
  }
  return connection;
}

int ipc_accept(int listener, struct ipc_endpoint *peer) {
  struct sockaddr_storage address;
  socklen_t length;
  int connection = ipc_server_accept_client(listener, &address, &length);
  if (connection >= 0 && peer && ipc_address_decode(&address, length, peer) != 0)
    ipc_endpoint_local(listener, peer);
  return connection;
}

static int bind_or_replace(int socket, const struct ipc_endpoint *endpoint) {
  int error = ipc_bind(socket, endpoint);
  if (error != -EADDRINUSE || endpoint->transport != IPC_UNIX)
    return error;
  error = ipc_socket_file_remove_stale(endpoint);
  return error < 0 ? error : ipc_bind(socket, endpoint);
}

static int bind_candidate(struct ipc_server *server) {
  int error = bind_or_replace(server->descriptor, &server->endpoint);
  if (error < 0)
    return error;
  ipc_socket_file_record(server);
  return ipc_endpoint_local(server->descriptor, &server->endpoint);
}

static int listen_candidate(const struct ipc_server *server) {
  int error = 0;
  if (server->endpoint.transport == IPC_TCP)
    error = ipc_server_set_keepalive(server->descriptor, server->keepalive_s);
  return error < 0 ? error : ipc_listen(server->descriptor, server->backlog);
}

/// Sets the group, and then the mode, of a socket file that only its owner can use so far.
static int set_access(const struct ipc_server *server, const struct ipc_listen_options *options) {
  const char *path = server->endpoint.name;
  const mode_t least = S_IRUSR | S_IWUSR, most = S_IRWXU | S_IRWXG | S_IRWXO;
  int error = options->mode == 0 || ((options->mode & least) == least && options->mode <= most) ? 0 : -EINVAL;
  if (server->endpoint.transport != IPC_UNIX)
    return error;
  if (error == 0 && options->has_group)
    IPC_CALL(error, lchown(path, (uid_t)-1, options->group));
  if (error == 0 && options->mode != 0)
    error = ipc_file_set_mode(path, S_IFSOCK, options->mode);
  return error;
}

static int open_candidate(const struct ipc_endpoint *candidate, const struct ipc_listen_options *options,
                          const struct ipc_observer *observer, struct ipc_server *server, struct ipc_failure *failure) {
  *server = (struct ipc_server){
      .descriptor = -1, .backlog = options->backlog, .keepalive_s = options->keepalive_s, .endpoint = *candidate};
  int descriptor = ipc_stream_create_reported(candidate, observer, failure);
  if (descriptor < 0)
    return descriptor;
  server->descriptor = descriptor;
  int lock, error = ipc_socket_file_lock(candidate, &lock);
  if (error == 0)
    error = bind_candidate(server);
  enum ipc_step step = IPC_STEP_BIND;
  ipc_observer_notify(observer, step, descriptor, error, error < 0 ? candidate : &server->endpoint);
  if (error == 0) {
    step = IPC_STEP_LISTEN;
    error = set_access(server, options);
    if (error == 0)
      error = listen_candidate(server);
    int count = server->backlog > 0 ? server->backlog : 0;
    ipc_observer_notify(observer, step, descriptor, error < 0 ? error : count, &server->endpoint);
  }
  if (error < 0)
    ipc_server_close(server);
  ipc_socket_file_unlock(candidate, lock);
  return error < 0 ? ipc_failure_record(failure, step, error, candidate) : 0;
}

int ipc_server_open(const struct ipc_endpoint *candidates, size_t count, const struct ipc_listen_options *options,
                    const struct ipc_observer *observer, struct ipc_server *server, struct ipc_failure *failure) {
  int error = ipc_failure_record(failure, IPC_STEP_BIND, -EADDRNOTAVAIL, NULL);
  for (size_t i = 0; i < count; i++)
    if ((error = open_candidate(&candidates[i], options, observer, server, failure)) == 0)
      return 0;
  return error;
}

int ipc_server_share(const struct ipc_server *server, struct ipc_server *share) {
  *share = *server;
  share->has_file = false;
  if (server->lent)
    return 0;
  if (server->endpoint.transport != IPC_TCP) {
    IPC_CALL(share->descriptor, fcntl(server->descriptor, F_DUPFD_CLOEXEC, 0));
    return share->descriptor < 0 ? share->descriptor : 0;
  }
  int error = ipc_stream_set_option(server->descriptor, SOL_SOCKET, SO_REUSEPORT, 1);
  share->descriptor = error < 0 ? error : ipc_create(&server->endpoint);
  if (share->descriptor < 0)
    return share->descriptor;
  error = ipc_stream_set_option(share->descriptor, SOL_SOCKET, SO_REUSEPORT, 1);
  if (error == 0)
    error = ipc_bind(share->descriptor, &server->endpoint);
  return error < 0 ? error : listen_candidate(share);
}

void ipc_server_refuse(const struct ipc_server *server, int placeholder) {
  int ignored;
  if (server->endpoint.transport == IPC_TCP)
    IPC_CALL(ignored, shutdown(server->descriptor, SHUT_RD));
  else {
    ipc_socket_file_remove(server);
    IPC_CALL(ignored, dup3(placeholder, server->descriptor, O_CLOEXEC));
  }
}

int ipc_server_close(struct ipc_server *server) {
  ipc_socket_file_remove(server);
  int error = ipc_close(server->descriptor);
  server->descriptor = -1;
  server->has_file = false;
  return error;
}
