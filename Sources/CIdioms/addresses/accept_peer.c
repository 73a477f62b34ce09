#define _GNU_SOURCE

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/// Accepts a client. Returns its socket and stores its address, or returns
/// a negative errno.
int accept_peer(int listener, struct sockaddr_storage *peer) {
  int fd;
  do {
    socklen_t length = sizeof *peer;
    memset(peer, 0, sizeof *peer);
    fd = accept4(listener, (struct sockaddr *)peer, &length, SOCK_CLOEXEC);
    // ECONNABORTED: this client is gone; the next one may wait.
  } while (fd < 0 && (errno == EINTR || errno == ECONNABORTED));
  return fd < 0 ? -errno : fd;
}
