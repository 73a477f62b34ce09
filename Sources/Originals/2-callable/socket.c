/* Sockets: listen, connect, and the loops that move all bytes. */
#define _POSIX_C_SOURCE 200809L

#include "socket.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/// Creates a socket for one address, and either binds it or connects it.
static int open_socket(const struct addrinfo *address, int passive) {
  int fd = socket(address->ai_family, address->ai_socktype | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return -errno;
  int on = 1;
  if (passive && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0)
    goto failed;
  if (passive && bind(fd, address->ai_addr, address->ai_addrlen) == 0 && listen(fd, 10) == 0)
    return fd;
  if (!passive && connect(fd, address->ai_addr, address->ai_addrlen) == 0)
    return fd;
failed:;
  int error = -errno;
  close(fd);
  return error;
}

/// Opens the first address that works.
static int open_first(const char *host, const char *port, int flags) {
  struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM, .ai_flags = flags}, *list;
  if (getaddrinfo(host, port, &hints, &list) != 0)
    return -ENOENT;
  int result = -ENOENT;
  for (const struct addrinfo *each = list; each && result < 0; each = each->ai_next)
    result = open_socket(each, flags & AI_PASSIVE);
  freeaddrinfo(list);
  return result;
}

int original_listen(const char *address, const char *port) {
  return open_first(address, port, AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV);
}

int original_connect(const char *host, const char *port) { return open_first(host, port, AI_NUMERICSERV); }

int accept_client(int listener) {
  int fd;
  do
    fd = accept(listener, NULL, NULL);
  while (fd < 0 && (errno == EINTR || errno == ECONNABORTED));
  return fd < 0 ? -errno : fd;
}

ssize_t receive(int socket, void *buffer, size_t size) {
  ssize_t count;
  do
    count = read(socket, buffer, size);
  while (count < 0 && errno == EINTR);
  return count < 0 ? -errno : count;
}

int send_all(int socket, const char *bytes, size_t length) {
  for (size_t sent = 0; sent < length;) {
    ssize_t count = send(socket, bytes + sent, length - sent, MSG_NOSIGNAL);
    if (count < 0 && errno != EINTR)
      return -errno;
    sent += count < 0 ? 0 : (size_t)count;
  }
  return 0;
}

int write_all(int output, const char *bytes, size_t length) {
  for (size_t written = 0; written < length;) {
    ssize_t count = write(output, bytes + written, length - written);
    if (count < 0 && errno != EINTR)
      return -errno;
    written += count < 0 ? 0 : (size_t)count;
  }
  return 0;
}

ssize_t receive_line(int descriptor, char *line) {
  for (size_t length = 0; length < ORIGINAL_MESSAGE_MAX;) {
    ssize_t count = receive(descriptor, line + length, ORIGINAL_MESSAGE_MAX - length);
    if (count <= 0)
      return count < 0 ? count : (ssize_t)length;
    const char *newline = memchr(line + length, '\n', (size_t)count);
    if (newline)
      return newline + 1 - line;
    length += (size_t)count;
  }
  return ORIGINAL_MESSAGE_MAX;
}

const char *original_error_text(int error) { return error == -ENOENT ? "No such host" : strerror(-error); }
