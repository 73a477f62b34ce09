#define _GNU_SOURCE

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/// Lets a UDP socket report where each datagram was sent to. Returns 0, or
/// a negative errno.
int want_packet_info(int fd) {
  int on = 1;
  if (setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on) < 0)
    return -errno;
  return 0;
}

/// Receives a datagram, and stores the address to which it was sent and the
/// index of the interface. Returns its length, or a negative errno:
/// -EMSGSIZE if it is longer than the buffer, -ENODATA if the kernel
/// reported no address.
ssize_t receive_with_info(int fd, void *buffer, size_t size,
                          struct in_addr *destination, int *interface) {
  union {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(struct in_pktinfo))];
  } control;
  struct iovec part = {.iov_base = buffer, .iov_len = size};
  struct msghdr message = {
      .msg_iov = &part,
      .msg_iovlen = 1,
      .msg_control = control.bytes,
      .msg_controllen = sizeof control.bytes,
  };
  ssize_t count;
  do
    count = recvmsg(fd, &message, 0);
  while (count < 0 && errno == EINTR);
  if (count < 0)
    return -errno;
  if (message.msg_flags & MSG_TRUNC)
    return -EMSGSIZE;
  struct cmsghdr *each = CMSG_FIRSTHDR(&message);
  for (; each; each = CMSG_NXTHDR(&message, each))
    if (each->cmsg_level == IPPROTO_IP && each->cmsg_type == IP_PKTINFO) {
      struct in_pktinfo info;
      memcpy(&info, CMSG_DATA(each), sizeof info);
      *destination = info.ipi_addr;
      *interface = info.ipi_ifindex;
      return count;
    }
  return -ENODATA;
}
