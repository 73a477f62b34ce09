/* A stream's steps: create, receive, send, read, write, wait, half-close, close. */
#include "socket.h"

#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

/// The least number of a writer's descriptor: the small ones are for descriptors that the user sees, as in a shell, and
/// for the listeners of a supervisor, which start at 3.
enum { FIRST_WRITER = 3 + IPC_LISTENERS_MAX };

int ipc_stream_set_option(int socket, int level, int option, int value) {
  int error;
  IPC_CALL(error, setsockopt(socket, level, option, &value, sizeof value));
  return error;
}

int ipc_stream_option(int socket, int level, int option) {
  int value = 0, error;
  socklen_t length = sizeof value;
  IPC_CALL(error, getsockopt(socket, level, option, &value, &length));
  return error < 0 ? error : value;
}

int ipc_stream_set_blocking(int descriptor, bool blocking) {
  int flags, error;
  IPC_CALL(flags, fcntl(descriptor, F_GETFL));
  if (flags < 0)
    return flags;
  flags = blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK;
  IPC_CALL(error, fcntl(descriptor, F_SETFL, flags));
  return error;
}

void ipc_stream_reset_on_close(int socket) {
  const struct linger none = {.l_onoff = 1};
  int ignored;
  IPC_CALL(ignored, setsockopt(socket, SOL_SOCKET, SO_LINGER, &none, sizeof none));
}

int ipc_create(const struct ipc_endpoint *endpoint) {
  struct sockaddr_storage address;
  socklen_t length;
  int error = ipc_address_encode(endpoint, &address, &length);
  if (error < 0)
    return error;
  int descriptor;
  const int type = SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK;
  IPC_CALL(descriptor, socket(address.ss_family, type, 0));
  if (descriptor == -EAFNOSUPPORT && ipc_endpoint_is_wildcard(endpoint->name) && endpoint->transport == IPC_TCP)
    IPC_CALL(descriptor, socket(AF_INET, type, 0)); /* a system without IPv6: all addresses are those of IPv4 */
  if (descriptor < 0 || endpoint->transport != IPC_TCP)
    return descriptor;
  error = ipc_stream_set_option(descriptor, IPPROTO_TCP, TCP_NODELAY, 1); /* accepted sockets inherit it */
  if (error < 0)
    ipc_close(descriptor);
  return error < 0 ? error : descriptor;
}

int ipc_stream_create_reported(const struct ipc_endpoint *candidate, const struct ipc_observer *observer,
                               struct ipc_failure *failure) {
  int descriptor = ipc_create(candidate);
  if (descriptor < 0) {
    ipc_observer_notify(observer, IPC_STEP_CREATE, -1, descriptor, candidate);
    return ipc_failure_record(failure, IPC_STEP_CREATE, descriptor, candidate);
  }
  ipc_observer_notify(observer, IPC_STEP_CREATE, descriptor, 0, candidate);
  return descriptor;
}

ssize_t ipc_receive(int socket, void *buffer, size_t size) {
  ssize_t received;
  IPC_CALL(received, recv(socket, buffer, size, 0));
  return received;
}

ssize_t ipc_send(int socket, const void *bytes, size_t length, bool more) {
  ssize_t sent;
  IPC_CALL(sent, send(socket, bytes, length, MSG_NOSIGNAL | (more ? MSG_MORE : 0)));
  return sent;
}

ssize_t ipc_read(int descriptor, void *buffer, size_t size) {
  ssize_t count;
  IPC_CALL(count, read(descriptor, buffer, size));
  return count;
}

ssize_t ipc_write(int descriptor, const void *bytes, size_t length) {
  for (size_t written = 0; written < length;) {
    ssize_t count;
    IPC_CALL(count, write(descriptor, (const char *)bytes + written, length - written));
    if (count >= 0)
      written += (size_t)count;
    else if (count == -EAGAIN)
      count = ipc_wait(descriptor, IPC_WRITABLE, -1, -1);
    if (count < 0)
      return count;
  }
  return (ssize_t)length;
}

/// Returns a non-blocking descriptor of its own for a pipe or a terminal; any other kind is ENOTSUP. The terminal may
/// belong to another user, as after su(1): the process that it controls may still open it as /dev/tty.
static int reopen(int descriptor) {
  char path[sizeof "/proc/self/fd/" + 3 * sizeof descriptor];
  struct stat status;
  int opened, flags = fcntl(descriptor, F_GETFL);
  bool writes = flags >= 0 && (flags & O_ACCMODE) != O_RDONLY;
  if (!writes || fstat(descriptor, &status) < 0 || !(S_ISFIFO(status.st_mode) || isatty(descriptor)))
    return -ENOTSUP;
  snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
  const int mode = O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  IPC_CALL(opened, open(path, mode));
  if (opened < 0 && tcgetsid(descriptor) >= 0)
    IPC_CALL(opened, open("/dev/tty", mode));
  return opened;
}

int ipc_open_writer(int descriptor) {
  int opened = reopen(descriptor), moved;
  IPC_CALL(moved, fcntl(opened < 0 ? descriptor : opened, F_DUPFD_CLOEXEC, FIRST_WRITER));
  if (opened < 0)
    return moved;
  if (moved < 0)
    return opened; /* the limit of descriptors is as low as that */
  ipc_close(opened);
  return moved;
}

/// Writes if poll(2) says that there is room.
static ssize_t write_if_ready(int descriptor, const void *bytes, size_t length) {
  int ready = ipc_wait(descriptor, IPC_WRITABLE, -1, 0);
  ssize_t count = ready == -ETIMEDOUT ? -EAGAIN : ready;
  if (ready >= 0)
    IPC_CALL(count, write(descriptor, bytes, length));
  return count;
}

/// Writes to a pipe whose descriptor is a blocking one. Another process may fill the pipe after a poll(2), and a
/// write(2) would then wait; splice(2) from a pipe of our own does not.
static ssize_t splice_some(int descriptor, const void *bytes, size_t length) {
  int own[2];
  ssize_t count;
  IPC_CALL(count, pipe2(own, O_CLOEXEC));
  if (count < 0) /* no descriptors are left */
    return write_if_ready(descriptor, bytes, length);
  IPC_CALL(count, write(own[1], bytes, length));
  if (count > 0)
    IPC_CALL(count, splice(own[0], NULL, descriptor, NULL, (size_t)count, SPLICE_F_NONBLOCK));
  ipc_close(own[0]);
  ipc_close(own[1]);
  return count;
}

ssize_t ipc_write_some(int descriptor, const void *bytes, size_t length) {
  size_t some = length < PIPE_BUF ? length : PIPE_BUF;
  int flags = fcntl(descriptor, F_GETFL);
  struct stat status = {0};
  ssize_t count;
  if (flags >= 0 && flags & O_NONBLOCK) {
    IPC_CALL(count, write(descriptor, bytes, some));
    return count;
  }
  fstat(descriptor, &status);
  if (S_ISSOCK(status.st_mode)) {
    IPC_CALL(count, send(descriptor, bytes, some, MSG_NOSIGNAL | MSG_DONTWAIT));
    return count;
  }
  return S_ISFIFO(status.st_mode) ? splice_some(descriptor, bytes, some) : write_if_ready(descriptor, bytes, some);
}

int ipc_wait(int descriptor, int events, int stop, int timeout_ms) {
  int asked = (events & IPC_READABLE ? POLLIN : 0) | (events & IPC_WRITABLE ? POLLOUT : 0);
  struct pollfd set[] = {{.fd = descriptor, .events = (short)asked}, {.fd = stop, .events = POLLIN}};
  struct ipc_deadline deadline = ipc_clock_end(timeout_ms);
  int ready;
  IPC_CALL(ready, poll(set, 2, ipc_clock_remaining(deadline)));
  if (ready < 0)
    return ready;
  if (ready == 0)
    return -ETIMEDOUT;
  if (set[1].revents)
    return -ECANCELED;
  if (set[0].revents & (POLLERR | POLLHUP | POLLNVAL)) /* the next call on the descriptor reports why */
    return events;
  return (set[0].revents & POLLIN ? IPC_READABLE : 0) | (set[0].revents & POLLOUT ? IPC_WRITABLE : 0);
}

int ipc_half_close(int socket) {
  int error;
  IPC_CALL(error, shutdown(socket, SHUT_WR));
  return error;
}

/// Not retried: Linux closes the descriptor even if close(2) returns EINTR, and another thread may have reused its
/// number.
int ipc_close(int descriptor) {
  int error = (int)ipc_result(close(descriptor));
  return error == -EINTR ? 0 : error;
}
