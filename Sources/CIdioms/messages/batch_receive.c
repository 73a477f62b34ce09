#define _GNU_SOURCE

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

enum { DATAGRAMS = 8, DATAGRAM_SIZE = 1472 };

/// Receives up to 8 datagrams with one call, and waits for the first one
/// only. `buffer` has room for 8 times 1,472 bytes. Stores their lengths,
/// which are -EMSGSIZE for a longer one, and returns their number or a
/// negative errno.
int receive_batch(int fd, char *buffer, int *lengths) {
  struct iovec parts[DATAGRAMS];
  struct mmsghdr messages[DATAGRAMS] = {0};
  for (int i = 0; i < DATAGRAMS; i++) {
    parts[i] = (struct iovec){buffer + i * DATAGRAM_SIZE, DATAGRAM_SIZE};
    messages[i].msg_hdr.msg_iov = &parts[i];
    messages[i].msg_hdr.msg_iovlen = 1;
  }
  int count;
  do
    count = recvmmsg(fd, messages, DATAGRAMS, MSG_WAITFORONE, NULL);
  while (count < 0 && errno == EINTR);
  if (count < 0)
    return -errno;
  for (int i = 0; i < count; i++) {
    bool is_cut = messages[i].msg_hdr.msg_flags & MSG_TRUNC;
    lengths[i] = is_cut ? -EMSGSIZE : (int)messages[i].msg_len;
  }
  return count;
}
