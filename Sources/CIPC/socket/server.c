/* The server's steps: bind, listen, accept; and all of them up to a socket that listens. */
#include "../core/internal.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static int set_option(int socket, int level, int option) {
  const int on = 1;
  int error;
  IPC_CALL(error, setsockopt(socket, level, option, &on, sizeof on));
  return error;
}

int ipc_bind(int socket, const struct ipc_endpoint *endpoint) {
  struct sockaddr_storage address;
  socklen_t length;
  int error = ipc_address_encode(endpoint, &address, &length);
  if (error == 0 && endpoint->transport == IPC_TCP)
    error = set_option(socket, SOL_SOCKET, SO_REUSEADDR);
  if (error == 0 && address.ss_family == AF_INET6)
    error = set_option(socket, IPPROTO_IPV6, IPV6_V6ONLY);
  if (error == 0 && endpoint->transport == IPC_UNIX) /* Linux makes the file with the socket's own mode: never public */
    IPC_CALL(error, fchmod(socket, S_IRUSR | S_IWUSR));
  if (error == 0)
    IPC_CALL(error, bind(socket, (struct sockaddr *)&address, length));
  return error;
}

int ipc_listen(int socket, int backlog) {
  int error;
  IPC_CALL(error, listen(socket, backlog));
  return error;
}

/// Errors of accept(2) that tell of a client that is gone, or of its network, not of the listener.
static bool is_clients(int error) {
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

int ipc_accept_address(int listener, struct sockaddr_storage *address, socklen_t *length) {
  int connection;
  do {
    *length = sizeof *address;
    IPC_CALL(connection, accept4(listener, (struct sockaddr *)address, length, SOCK_CLOEXEC | SOCK_NONBLOCK));
  } while (is_clients(connection));
  return connection;
}

int ipc_accept(int listener, struct ipc_endpoint *peer) {
  struct sockaddr_storage address;
  socklen_t length;
  int connection = ipc_accept_address(listener, &address, &length);
  if (connection >= 0 && peer && ipc_address_decode(&address, length, peer) != 0)
    ipc_endpoint_local(listener, peer);
  return connection;
}

/// A lock on the folder that holds the path, so that of two servers that find the same leftover only one replaces it.
static int lock_folder(const char *path) {
  enum { TRIES = 100, PAUSE_MS = 10 };
  char folder[IPC_PATH_MAX + 1] = ".";
  const char *slash = strrchr(path, '/');
  if (slash) {
    size_t length = slash == path ? 1 : (size_t)(slash - path);
    memcpy(folder, path, length);
    folder[length] = '\0';
  }
  int descriptor, error;
  IPC_CALL(descriptor, open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor < 0)
    return descriptor;
  IPC_CALL(error, flock(descriptor, LOCK_EX | LOCK_NB));
  for (int i = 0; error < 0 && i < TRIES; i++) {
    ipc_wait(-1, 0, -1, PAUSE_MS); /* whoever holds it is about to bind; a lock can't be polled for */
    IPC_CALL(error, flock(descriptor, LOCK_EX | LOCK_NB));
  }
  if (error == 0)
    return descriptor;
  ipc_close(descriptor);
  return error == -EWOULDBLOCK ? -EADDRINUSE : error;
}

/// Whether the path is a socket of ours without a process behind it. It is asked by a datagram socket: to a live stream
/// socket that is EPROTOTYPE, where a stream socket would be taken for a client, and use up a server that serves one.
static bool is_left_over(const struct ipc_endpoint *endpoint) {
  struct stat file;
  struct sockaddr_storage address;
  socklen_t length;
  if (lstat(endpoint->name, &file) < 0 || !S_ISSOCK(file.st_mode) || file.st_uid != geteuid())
    return false;
  int probe = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (probe < 0)
    return false;
  ipc_address_encode(endpoint, &address, &length);
  bool refused = connect(probe, (struct sockaddr *)&address, length) < 0 && errno == ECONNREFUSED;
  ipc_close(probe);
  return refused;
}

static int bind_over_leftover(int socket, const struct ipc_endpoint *endpoint) {
  int lock = lock_folder(endpoint->name);
  if (lock < 0)
    return lock;
  int error = -EADDRINUSE;
  if (is_left_over(endpoint)) {
    IPC_CALL(error, unlink(endpoint->name));
    if (error == 0)
      error = ipc_bind(socket, endpoint);
  }
  ipc_close(lock);
  return error;
}

static int bind_and_note(int socket, const struct ipc_endpoint *endpoint, struct ipc_server *server) {
  struct stat file;
  int error = ipc_bind(socket, endpoint);
  if (error == -EADDRINUSE && endpoint->transport == IPC_UNIX)
    error = bind_over_leftover(socket, endpoint);
  if (error < 0)
    return error;
  if (endpoint->transport == IPC_UNIX && lstat(endpoint->name, &file) == 0) {
    server->has_file = true;
    server->device = file.st_dev;
    server->inode = file.st_ino;
  }
  return ipc_endpoint_local(socket, &server->endpoint);
}

static int open_one(const struct ipc_endpoint *candidate, int backlog, const struct ipc_observer *observer,
                    struct ipc_server *server, struct ipc_failure *failure) {
  *server = (struct ipc_server){.descriptor = -1, .backlog = backlog, .endpoint = *candidate};
  int descriptor = ipc_create(candidate);
  ipc_observer_notify(observer, IPC_STEP_CREATE, descriptor < 0 ? -1 : descriptor, descriptor < 0 ? descriptor : 0,
                      candidate);
  if (descriptor < 0)
    return ipc_failure_record(failure, IPC_STEP_CREATE, descriptor, candidate);
  server->descriptor = descriptor;
  int error = bind_and_note(descriptor, candidate, server);
  ipc_observer_notify(observer, IPC_STEP_BIND, descriptor, error, error < 0 ? candidate : &server->endpoint);
  if (error < 0) {
    ipc_server_close(server);
    return ipc_failure_record(failure, IPC_STEP_BIND, error, candidate);
  }
  error = ipc_listen(descriptor, backlog);
  ipc_observer_notify(observer, IPC_STEP_LISTEN, descriptor,
                      error < 0     ? error
                      : backlog > 0 ? backlog
                                    : 0,
                      &server->endpoint);
  if (error < 0) {
    ipc_server_close(server);
    return ipc_failure_record(failure, IPC_STEP_LISTEN, error, candidate);
  }
  return 0;
}

int ipc_server_open(const struct ipc_endpoint *candidates, size_t count, int backlog,
                    const struct ipc_observer *observer, struct ipc_server *server, struct ipc_failure *failure) {
  int error = ipc_failure_record(failure, IPC_STEP_BIND, -EADDRNOTAVAIL, NULL);
  for (size_t i = 0; i < count; i++)
    if ((error = open_one(&candidates[i], backlog, observer, server, failure)) == 0)
      return 0;
  return error;
}

/// An option of the socket that is a number; or the negated error.
static int get_option(int socket, int option) {
  int value = 0;
  socklen_t length = sizeof value;
  int error;
  IPC_CALL(error, getsockopt(socket, SOL_SOCKET, option, &value, &length));
  return error < 0 ? error : value;
}

int ipc_server_adopt(int descriptor, struct ipc_server *server) {
  *server = (struct ipc_server){.descriptor = descriptor, .backlog = SOMAXCONN, .lent = true};
  int type = get_option(descriptor, SO_TYPE), listens = get_option(descriptor, SO_ACCEPTCONN);
  if (type < 0 || listens < 0)
    return type < 0 ? type : listens;
  if (type != SOCK_STREAM)
    return -ESOCKTNOSUPPORT;
  if (!listens)
    return -EINVAL;
  int flags, error;
  IPC_CALL(flags, fcntl(descriptor, F_GETFL));
  if (flags < 0)
    return flags;
  IPC_CALL(error, fcntl(descriptor, F_SETFL, flags | O_NONBLOCK));
  if (error == 0)
    IPC_CALL(error, fcntl(descriptor, F_SETFD, FD_CLOEXEC));
  if (error == 0)
    error = ipc_endpoint_local(descriptor, &server->endpoint);
  if (error == 0 && server->endpoint.transport == IPC_TCP) /* a client's socket has it from the listener */
    error = set_option(descriptor, IPPROTO_TCP, TCP_NODELAY);
  return error;
}

int ipc_server_close(struct ipc_server *server) {
  struct stat file;
  /* The file goes before the socket: while the socket lives, nobody replaces the file. */
  if (server->has_file && lstat(server->endpoint.name, &file) == 0 && file.st_dev == server->device &&
      file.st_ino == server->inode)
    unlink(server->endpoint.name);
  int error = ipc_close(server->descriptor);
  server->descriptor = -1;
  server->has_file = false;
  return error;
}
