/* Sockets that a supervisor passes to a server: listeners, or one that is connected to a client. */
#include "socket.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

/// Sets what a client of a supervisor's listener lacks, on the listener or on a client.
static int set_client_options(const struct ipc_server *server, int socket) {
  if (server->endpoint.transport != IPC_TCP)
    return 0;
  int error = ipc_stream_set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1);
  return error < 0 ? error : ipc_server_set_keepalive(socket, server->keepalive_s);
}

/// Gets the address of the client to which a socket is connected. After a reset it is not, but has the error.
static int find_client(int socket, struct sockaddr_storage *address, socklen_t *length) {
  int error;
  *length = sizeof *address;
  IPC_CALL(error, getpeername(socket, (struct sockaddr *)address, length));
  if (error != -ENOTCONN)
    return error;
  int pending = ipc_stream_option(socket, SOL_SOCKET, SO_ERROR);
  return pending > 0 ? -pending : -EINVAL;
}

/// Gets where a socket listens. The endpoint of a connected Unix socket without a name, as socketpair(2) makes it, has
/// an empty path.
static int set_endpoint(struct ipc_server *server) {
  int error = ipc_endpoint_local(server->descriptor, &server->endpoint);
  if (error != -ENOTCONN || !server->connected)
    return error;
  server->endpoint = (struct ipc_endpoint){.transport = IPC_UNIX};
  return 0;
}

int ipc_server_adopt(int descriptor, const struct ipc_listen_options *options, struct ipc_server *server) {
  struct sockaddr_storage address;
  socklen_t length;
  *server = (struct ipc_server){
      .descriptor = descriptor, .backlog = SOMAXCONN, .keepalive_s = options->keepalive_s, .lent = true};
  int type = ipc_stream_option(descriptor, SOL_SOCKET, SO_TYPE);
  int listens = ipc_stream_option(descriptor, SOL_SOCKET, SO_ACCEPTCONN);
  if (type < 0 || listens < 0)
    return type < 0 ? type : listens;
  if (type != SOCK_STREAM)
    return -ESOCKTNOSUPPORT;
  int error = listens ? 0 : find_client(descriptor, &address, &length);
  server->connected = !listens && error == 0;
  if (error == 0)
    error = ipc_stream_set_blocking(descriptor, false);
  if (error == 0)
    IPC_CALL(error, fcntl(descriptor, F_SETFD, FD_CLOEXEC));
  if (error == 0)
    error = set_endpoint(server);
  return error < 0 ? error : set_client_options(server, descriptor); /* accepted sockets inherit them */
}

void ipc_adopt_prepare_client(const struct ipc_server *server, int client) {
  if (server->lent && !server->connected)
    set_client_options(server, client);
}

int ipc_adopt_client(const struct ipc_server *server, struct sockaddr_storage *address, socklen_t *length) {
  int error = find_client(server->descriptor, address, length), copy;
  if (error < 0)
    return error;
  IPC_CALL(copy, fcntl(server->descriptor, F_DUPFD_CLOEXEC, 0));
  return copy;
}
