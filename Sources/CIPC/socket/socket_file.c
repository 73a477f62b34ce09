/* The file of a Unix socket, which outlives a server that did not remove it. */
#include "socket.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/// Locks the folder that contains the path, so that only one of two servers replaces the same stale file.
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
  for (int i = 0; error == -EWOULDBLOCK && i < TRIES; i++) {
    ipc_wait(-1, 0, -1, PAUSE_MS); /* the other server is about to bind; poll(2) can't wait for a lock */
    IPC_CALL(error, flock(descriptor, LOCK_EX | LOCK_NB));
  }
  if (error == 0)
    return descriptor;
  ipc_close(descriptor);
  return error == -EWOULDBLOCK ? -EADDRINUSE : error;
}

/// Returns whether the path is a socket of this user on which no process listens. A datagram socket finds out: a
/// listening stream socket answers it with EPROTOTYPE, but would accept a stream socket, and so use up a server of one
/// client.
static bool is_stale(const struct ipc_endpoint *endpoint) {
  struct stat file;
  struct sockaddr_storage address;
  socklen_t length;
  int error, probe;
  IPC_CALL(error, lstat(endpoint->name, &file));
  if (error < 0 || !S_ISSOCK(file.st_mode) || file.st_uid != geteuid())
    return false;
  IPC_CALL(probe, socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (probe < 0)
    return false;
  ipc_address_encode(endpoint, &address, &length);
  IPC_CALL(error, connect(probe, (struct sockaddr *)&address, length)); /* a datagram socket can repeat it */
  ipc_close(probe);
  return error == -ECONNREFUSED;
}

int ipc_socket_file_remove_stale(const struct ipc_endpoint *endpoint) {
  int lock = lock_folder(endpoint->name);
  if (lock < 0)
    return lock;
  int error = -EADDRINUSE;
  if (is_stale(endpoint))
    IPC_CALL(error, unlink(endpoint->name));
  if (error == 0)
    return lock;
  ipc_close(lock);
  return error;
}

void ipc_socket_file_record(struct ipc_server *server) {
  struct stat file;
  int error = -ENOENT;
  if (server->endpoint.transport == IPC_UNIX)
    IPC_CALL(error, lstat(server->endpoint.name, &file));
  if (error < 0)
    return;
  server->has_file = true;
  server->device = file.st_dev;
  server->inode = file.st_ino;
}

void ipc_socket_file_remove(const struct ipc_server *server) {
  struct stat file;
  int error = -ENOENT;
  if (server->has_file)
    IPC_CALL(error, lstat(server->endpoint.name, &file));
  if (error == 0 && file.st_dev == server->device && file.st_ino == server->inode)
    IPC_CALL(error, unlink(server->endpoint.name));
}
