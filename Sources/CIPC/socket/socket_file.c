/* The file of a Unix socket, which outlives a server that did not remove it. */
#include "socket.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct lock_path {
  char text[sizeof((struct ipc_endpoint *)NULL)->name + sizeof ".starting"];
};

static struct lock_path lock_path(const struct ipc_endpoint *endpoint) {
  struct lock_path path;
  snprintf(path.text, sizeof path.text, "%s.starting", endpoint->name);
  return path;
}

/// Opens or creates the file that servers of this user lock. Errors: EPERM (other users could lock it as well).
static int open_lock(const char *path) {
  const int flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  const mode_t mode = S_IRUSR | S_IWUSR;
  struct stat status;
  int lock, error;
  IPC_CALL(lock, open(path, flags, mode));
  if (lock == -EACCES && ipc_file_set_mode(path, S_IFREG, mode) == 0) /* a server with a strict umask was killed */
    IPC_CALL(lock, open(path, flags, mode));
  if (lock < 0)
    return lock;
  IPC_CALL(error, fstat(lock, &status));
  if (error == 0 && (!S_ISREG(status.st_mode) || status.st_uid != geteuid() || status.st_mode & (S_IRWXG | S_IRWXO)))
    error = -EPERM;
  if (error == 0)
    IPC_CALL(error, fchmod(lock, mode)); /* the umask may have removed some */
  if (error < 0)
    ipc_close(lock);
  return error < 0 ? error : lock;
}

/// Returns whether an open file still has a name.
static bool has_name(int file) {
  struct stat status;
  int error;
  IPC_CALL(error, fstat(file, &status));
  return error == 0 && status.st_nlink > 0;
}

int ipc_socket_file_lock(const struct ipc_endpoint *endpoint, int *lock) {
  enum { TRIES = 100, PAUSE_MS = 10 };
  *lock = -1;
  if (endpoint->transport != IPC_UNIX)
    return 0;
  struct lock_path path = lock_path(endpoint);
  for (int i = 0; i < TRIES; i++) {
    int error, file = open_lock(path.text);
    if (file < 0)
      return 0;
    IPC_CALL(error, flock(file, LOCK_EX | LOCK_NB));
    if (error == 0 && has_name(file)) {
      *lock = file;
      return 0;
    }
    ipc_close(file);
    if (error < 0 && error != -EWOULDBLOCK)
      return 0;
    if (error < 0)
      ipc_wait(-1, 0, -1, PAUSE_MS); /* the other server is about to listen; poll(2) can't wait for a lock */
  }
  return -EADDRINUSE;
}

void ipc_socket_file_unlock(const struct ipc_endpoint *endpoint, int lock) {
  int error;
  if (lock < 0)
    return;
  IPC_CALL(error, unlink(lock_path(endpoint).text));
  ipc_close(lock);
}

/// Returns whether the path is a socket of this user on which no process listens, or has been removed meanwhile. A
/// datagram socket finds out: a listening stream socket answers it with EPROTOTYPE, but would accept a stream socket,
/// and so use up a server of one client.
static bool is_stale(const struct ipc_endpoint *endpoint) {
  struct stat file;
  struct sockaddr_storage address;
  socklen_t length;
  int error, probe;
  IPC_CALL(error, lstat(endpoint->name, &file));
  if (error == -ENOENT)
    return true;
  if (error < 0 || !S_ISSOCK(file.st_mode) || file.st_uid != geteuid())
    return false;
  IPC_CALL(probe, socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (probe < 0)
    return false;
  ipc_address_encode(endpoint, &address, &length);
  IPC_CALL(error, connect(probe, (struct sockaddr *)&address, length)); /* a datagram socket can repeat it */
  ipc_close(probe);
  return error == -ECONNREFUSED || error == -ENOENT;
}

int ipc_socket_file_remove_stale(const struct ipc_endpoint *endpoint) {
  int error = -EADDRINUSE;
  if (is_stale(endpoint))
    IPC_CALL(error, unlink(endpoint->name));
  return error == -ENOENT ? 0 : error;
}

int ipc_socket_file_restrict(const struct ipc_endpoint *endpoint) {
  int ignored, error = ipc_file_set_mode(endpoint->name, S_IFSOCK, S_IRUSR | S_IWUSR);
  if (error < 0)
    IPC_CALL(ignored, unlink(endpoint->name));
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
  if (server->has_file && ipc_stream_option(server->descriptor, SOL_SOCKET, SO_TYPE) >= 0)
    IPC_CALL(error, lstat(server->endpoint.name, &file));
  if (error == 0 && file.st_dev == server->device && file.st_ino == server->inode)
    IPC_CALL(error, unlink(server->endpoint.name));
}
