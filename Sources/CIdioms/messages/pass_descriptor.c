#define _GNU_SOURCE

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/// Room for one descriptor, aligned as its header must be.
union control {
  struct cmsghdr header;
  char bytes[CMSG_SPACE(sizeof(int))];
};

static bool is_descriptor(const struct cmsghdr *header) {
  return header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS &&
         header->cmsg_len == CMSG_LEN(sizeof(int));
}

/// Sends a descriptor through a Unix socket. Returns 0, or a negative
/// errno.
int send_descriptor(int socket, int fd) {
  char byte = 0; // A stream socket sends no descriptor without data.
  union control control = {.bytes = {0}};
  struct iovec part = {.iov_base = &byte, .iov_len = sizeof byte};
  struct msghdr message = {
      .msg_iov = &part,
      .msg_iovlen = 1,
      .msg_control = control.bytes,
      .msg_controllen = sizeof control.bytes,
  };
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  header->cmsg_len = CMSG_LEN(sizeof fd);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  memcpy(CMSG_DATA(header), &fd, sizeof fd);
  ssize_t count;
  do
    count = sendmsg(socket, &message, MSG_NOSIGNAL);
  while (count < 0 && errno == EINTR);
  return count < 0 ? -errno : 0;
}

/// Receives a descriptor. Returns it, or a negative errno: -ENODATA at the
/// end of the data, -EBADMSG if a message has no descriptor or more than
/// one.
int receive_descriptor(int socket) {
  char byte;
  union control control;
  struct iovec part = {.iov_base = &byte, .iov_len = sizeof byte};
  struct msghdr message = {
      .msg_iov = &part,
      .msg_iovlen = 1,
      .msg_control = control.bytes,
      // Not CMSG_SPACE: its padding has room for a second descriptor.
      .msg_controllen = CMSG_LEN(sizeof(int)),
  };
  ssize_t count;
  do
    count = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  while (count < 0 && errno == EINTR);
  if (count < 0)
    return -errno;
  int fd = -1;
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  if (header && is_descriptor(header))
    memcpy(&fd, CMSG_DATA(header), sizeof fd);
  if (fd >= 0 && count > 0 && !(message.msg_flags & MSG_CTRUNC))
    return fd;
  if (fd >= 0)
    close(fd);
  return count == 0 && fd < 0 ? -ENODATA : -EBADMSG;
}
