/* A stream's steps: create, receive and send, wait, finish, close. */
#include "../core/internal.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

int ipc_create(const struct ipc_endpoint *endpoint) {
  struct sockaddr_storage address;
  socklen_t length;
  int error = ipc_address_encode(endpoint, &address, &length);
  if (error < 0)
    return error;
  int descriptor;
  IPC_CALL(descriptor, socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (descriptor < 0 || endpoint->transport != IPC_TCP)
    return descriptor;
  const int on = 1; /* an accepted socket inherits it from its listener */
  IPC_CALL(error, setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
  if (error < 0)
    ipc_close(descriptor);
  return error < 0 ? error : descriptor;
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

int64_t ipc_now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int ipc_remaining_ms(int64_t deadline) {
  if (deadline < 0)
    return -1;
  int64_t left = deadline - ipc_now_ms();
  return left > 0 ? (int)left : 0;
}

int ipc_wait(int descriptor, int events, int stop, int timeout_ms) {
  int asked = (events & IPC_READABLE ? POLLIN : 0) | (events & IPC_WRITABLE ? POLLOUT : 0);
  struct pollfd set[] = {{.fd = descriptor, .events = (short)asked}, {.fd = stop, .events = POLLIN}};
  int64_t deadline = timeout_ms < 0 ? -1 : ipc_now_ms() + timeout_ms;
  int ready;
  IPC_CALL(ready, poll(set, 2, ipc_remaining_ms(deadline)));
  if (ready < 0)
    return ready;
  if (ready == 0)
    return -ETIMEDOUT;
  if (set[1].revents)
    return -ECANCELED;
  if (set[0].revents & (POLLERR | POLLHUP | POLLNVAL)) /* the next call on it will tell */
    return events;
  return (set[0].revents & POLLIN ? IPC_READABLE : 0) | (set[0].revents & POLLOUT ? IPC_WRITABLE : 0);
}

int ipc_half_close(int socket) {
  int error;
  IPC_CALL(error, shutdown(socket, SHUT_WR));
  return error;
}

/// Not retried: Linux has let the descriptor go even where close(2) says EINTR, and another thread may have its number.
int ipc_close(int descriptor) {
  int error = (int)ipc_result(close(descriptor));
  return error == -EINTR ? 0 : error;
}
