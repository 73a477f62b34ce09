#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int echo_client(int fd) {
  char buffer[4096];
  for (;;) {
    ssize_t count = recv(fd, buffer, sizeof buffer, 0), sent = 0;
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      return count < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
    while (sent < count) {
      ssize_t part = send(fd, buffer + sent, (size_t)(count - sent), MSG_NOSIGNAL);
      if (part < 0 && errno != EINTR)
        return EXIT_FAILURE;
      if (part > 0)
        sent += part;
    }
  }
}

/// Serves a number of clients, each in a child, and waits for the children.
/// Returns the number of clients that were served to their end, or a
/// negative errno.
int fork_per_client(int listener, int clients) {
  int running = 0, served = 0, error = 0;
  while (error == 0 && clients > 0) {
    int fd = accept(listener, NULL, NULL);
    if (fd < 0 && (errno == EINTR || errno == ECONNABORTED))
      continue;
    pid_t child = fd < 0 ? -1 : fork();
    if (child < 0)
      error = -errno;
    if (child == 0) {
      close(listener);
      // exit(3) would write the parent's buffered output once more.
      _exit(echo_client(fd));
    }
    if (fd >= 0)
      close(fd);
    if (child > 0)
      clients--, running++;
    // Reap the children that have ended; after the last client, all.
    int status, wait = clients > 0 && error == 0 ? WNOHANG : 0;
    while (running > 0) {
      pid_t ended = waitpid(-1, &status, wait);
      if (ended < 0 && errno == EINTR)
        continue;
      if (ended <= 0)
        break;
      running--;
      if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS)
        served++;
    }
  }
  return error != 0 ? error : served;
}
