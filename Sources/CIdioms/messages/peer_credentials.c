#define _GNU_SOURCE

#include <errno.h>
#include <sys/socket.h>
#include <sys/types.h>

/// Stores the process and the user that connected to a Unix socket. Returns
/// 0, or a negative errno: -ENODATA if the socket has no peer of this kind.
int peer_credentials(int fd, pid_t *process, uid_t *user, gid_t *group) {
  struct ucred peer;
  socklen_t size = sizeof peer;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0)
    return -errno;
  if (size != sizeof peer || peer.pid == 0) // Other families give 0 and -1.
    return -ENODATA;
  *process = peer.pid;
  *user = peer.uid;
  *group = peer.gid;
  return 0;
}
