#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
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
      size_t rest = (size_t)(count - sent);
      ssize_t part = send(fd, buffer + sent, rest, MSG_NOSIGNAL);
      if (part < 0 && errno != EINTR)
        return EXIT_FAILURE;
      if (part > 0)
        sent += part;
    }
  }
}

// Without a handler SIGCHLD would not end ppoll(2).
static void note_child(int number) { (void)number; }

/// Reaps the children that have ended. Returns how many still run.
static int reap(int running) {
  while (running > 0) {
    pid_t ended = waitpid(-1, NULL, WNOHANG);
    if (ended < 0 && errno == ECHILD)
      return 0;
    if (ended == 0)
      break;
    if (ended > 0)
      running--;
  }
  return running;
}

/// Accepts a client, and serves it in a child. Returns 1, 0 if the client
/// has gone, or a negative errno: -EAGAIN if there is no room for it now.
static int start_child(int listener, const sigset_t *signals) {
  int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
  int error = errno;
  if (fd < 0 && (error == EBADF || error == EINVAL || error == ENOTSOCK))
    return -error;
  if (fd < 0 && (error == EMFILE || error == ENFILE || error == ENOBUFS ||
                 error == ENOMEM))
    return -EAGAIN;
  if (fd < 0)
    return 0; // Such as EINTR, ECONNABORTED, and errors of the network.
  pid_t child = fork();
  if (child == 0) {
    signal(SIGCHLD, SIG_DFL);
    sigprocmask(SIG_SETMASK, signals, NULL);
    close(listener);
    // exit(3) would write the parent's buffered output once more.
    _exit(echo_client(fd));
  }
  close(fd);
  return child > 0 ? 1 : -EAGAIN;
}

/// Serves clients for ever, each in a child, and at most `limit` at a time;
/// the others wait in the backlog. Returns a negative errno when accept(2)
/// can't succeed any more, such as -EINVAL after shutdown(2) of the listener,
/// and all children have ended. Only for programs with one thread.
int fork_per_client(int listener, int limit) {
  struct sigaction action = {.sa_handler = note_child}, before;
  sigset_t child_ends, signals, waiting;
  sigemptyset(&action.sa_mask);
  sigemptyset(&child_ends);
  sigaddset(&child_ends, SIGCHLD);
  if (limit < 1 || sigaction(SIGCHLD, &action, &before) < 0)
    return -EINVAL;
  // SIGCHLD arrives in ppoll(2) only, so that it ends each wait.
  sigprocmask(SIG_BLOCK, &child_ends, &signals);
  waiting = signals;
  sigdelset(&waiting, SIGCHLD);

  int running = 0, error = 0;
  bool is_short = false;
  while (error == 0 || running > 0) {
    bool has_room = error == 0 && running < limit && !is_short;
    struct pollfd wait = {.fd = has_room ? listener : -1, .events = POLLIN};
    // The listener stays ready while accept(2) fails, such as with EMFILE.
    struct timespec pause = {.tv_nsec = 100000000};
    int ready = ppoll(&wait, 1, is_short ? &pause : NULL, &waiting);
    is_short = false;
    running = reap(running);
    if (ready <= 0)
      continue;
    int started = start_child(listener, &signals);
    if (started > 0)
      running++;
    else if (started == -EAGAIN)
      is_short = true;
    else
      error = started;
  }
  sigaction(SIGCHLD, &before, NULL);
  sigprocmask(SIG_SETMASK, &signals, NULL);
  return error;
}
