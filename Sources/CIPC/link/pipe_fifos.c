/* The two FIFOs of a pipe, and their names. */
#include "pipe.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

struct ipc_pipe_path ipc_pipe_fifos_path(const struct ipc_pipe *pipe, const char *suffix) {
  struct ipc_pipe_path path;
  snprintf(path.text, sizeof path.text, "%s%s", pipe->link.endpoint.name, suffix);
  return path;
}

bool ipc_pipe_fifos_has_name(const struct ipc_pipe *pipe) {
  struct ipc_pipe_path path = ipc_pipe_fifos_path(pipe, ".lock");
  struct stat named, opened;
  int error;
  IPC_CALL(error, lstat(path.text, &named));
  if (error == 0)
    IPC_CALL(error, fstat(pipe->link.rendezvous, &opened));
  return error == 0 && named.st_dev == opened.st_dev && named.st_ino == opened.st_ino;
}

int ipc_pipe_fifos_claim_name(struct ipc_pipe *pipe) {
  struct ipc_pipe_path path = ipc_pipe_fifos_path(pipe, ".lock");
  struct ipc_link *link = &pipe->link;
  const int flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  struct stat status;
  int error;
  for (;;) {
    IPC_CALL(link->rendezvous, open(path.text, flags, S_IRUSR | S_IWUSR));
    if (link->rendezvous < 0)
      return ipc_name_lock_open_error(link->rendezvous);
    error = ipc_name_lock_check(link, link->rendezvous, S_IFREG);
    if (error == 0)
      IPC_CALL(error, fstat(link->rendezvous, &status));
    if (error == 0 && status.st_size != 0 && status.st_size != sizeof(struct ipc_pipe_rendezvous))
      error = -IPC_EKIND;
    if (error == 0) /* the umask may have removed some */
      IPC_CALL(error, fchmod(link->rendezvous, S_IRUSR | S_IWUSR));
    if (error == 0)
      error = ipc_name_lock_acquire_server(link);
    if (error == 0 && ipc_pipe_fifos_has_name(pipe))
      return 0;
    ipc_name_lock_drop(&link->rendezvous);
    if (error < 0)
      return error;
  }
}

/* ---- The names ------------------------------------------------------------------------------------------------- */

static int check_own_fifo(const struct stat *status) {
  if (!S_ISFIFO(status->st_mode))
    return -IPC_EKIND;
  return status->st_uid == geteuid() ? 0 : -IPC_EOWNER;
}

static int remove_fifo(const char *path) {
  struct stat status;
  int error;
  IPC_CALL(error, lstat(path, &status));
  if (error == 0)
    error = check_own_fifo(&status);
  if (error == 0)
    IPC_CALL(error, unlink(path));
  return error == -ENOENT ? 0 : error;
}

/// Creates a FIFO under another name and renames it, so that there is one at any time.
static int replace_fifo(const struct ipc_pipe *pipe, const char *suffix) {
  struct ipc_pipe_path path = ipc_pipe_fifos_path(pipe, suffix), new_path = ipc_pipe_fifos_path(pipe, ".new");
  struct stat status;
  int found, error = remove_fifo(new_path.text);
  IPC_CALL(found, lstat(path.text, &status));
  if (error == 0 && found == 0)
    error = check_own_fifo(&status);
  if (error == 0)
    IPC_CALL(error, mkfifo(new_path.text, S_IRUSR | S_IWUSR));
  if (error == 0) /* the umask may have removed some */
    error = ipc_file_set_mode(new_path.text, S_IFIFO, S_IRUSR | S_IWUSR);
  if (error == 0)
    IPC_CALL(error, rename(new_path.text, path.text));
  return error;
}

int ipc_pipe_fifos_create(struct ipc_pipe *pipe) {
  int error = ipc_pipe_fifos_has_name(pipe) ? replace_fifo(pipe, ".in") : -ESTALE;
  if (error == 0)
    error = replace_fifo(pipe, ".out");
  pipe->phase = error == 0 ? IPC_PIPE_FIFOS_NEW : IPC_PIPE_FIFOS_NONE;
  return error;
}

void ipc_pipe_fifos_remove_names(const struct ipc_pipe *pipe) {
  if (!ipc_pipe_fifos_has_name(pipe))
    return;
  remove_fifo(ipc_pipe_fifos_path(pipe, ".in").text);
  remove_fifo(ipc_pipe_fifos_path(pipe, ".out").text);
  remove_fifo(ipc_pipe_fifos_path(pipe, ".new").text);
  int error; /* the lock's file is the last one, as its lock is what makes the names ours */
  IPC_CALL(error, unlink(ipc_pipe_fifos_path(pipe, ".lock").text));
}

/* ---- The descriptors ------------------------------------------------------------------------------------------- */

int ipc_pipe_fifos_open_end(const struct ipc_pipe *pipe, const char *path, int flags) {
  int descriptor;
  IPC_CALL(descriptor, open(path, flags | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC));
  if (descriptor < 0)
    return descriptor == -ELOOP ? -IPC_EKIND : descriptor;
  int error = ipc_name_lock_check(&pipe->link, descriptor, S_IFIFO);
  if (error < 0)
    ipc_close(descriptor);
  return error < 0 ? error : descriptor;
}

void ipc_pipe_fifos_close(struct ipc_pipe *pipe) {
  ipc_name_lock_drop(&pipe->out);
  ipc_name_lock_drop(&pipe->in);
  ipc_name_lock_drop(&pipe->placeholder);
}

/// Returns the FIFO's number in the watch. It is negative if the FIFO can't be watched: then ticks replace the events.
static int watch_fifo(const struct ipc_pipe *pipe, const char *path) {
  int watched = -1;
  if (pipe->link.watch >= 0)
    IPC_CALL(watched, inotify_add_watch(pipe->link.watch, path, IN_OPEN | IN_DONT_FOLLOW));
  return watched;
}

/// Closes the placeholder reader briefly, to test for another reader.
static int check_reader(struct ipc_pipe *pipe, const char *out) {
  struct pollfd set = {.fd = pipe->out, .events = POLLOUT};
  int ready;
  ipc_name_lock_drop(&pipe->placeholder);
  IPC_CALL(ready, poll(&set, 1, 0));
  if (ready >= 0 && set.revents & POLLERR)
    ready = pipe->placeholder = ipc_pipe_fifos_open_end(pipe, out, O_RDONLY);
  return ready;
}

int ipc_pipe_fifos_recheck_reader(struct ipc_pipe *pipe) {
  struct ipc_pipe_path out = ipc_pipe_fifos_path(pipe, ".out");
  if (pipe->placeholder < 0 || !ipc_pipe_fifos_has_name(pipe))
    return 0;
  if (pipe->watched_out >= 0)
    inotify_rm_watch(pipe->link.watch, pipe->watched_out);
  int error = check_reader(pipe, out.text);
  pipe->watched_out = error < 0 ? -1 : watch_fifo(pipe, out.text);
  return error < 0 ? error : 0;
}

int ipc_pipe_fifos_open(struct ipc_pipe *pipe) {
  struct ipc_pipe_path in = ipc_pipe_fifos_path(pipe, ".in"), out = ipc_pipe_fifos_path(pipe, ".out");
  int error = pipe->phase == IPC_PIPE_FIFOS_NEW ? 0 : ipc_pipe_fifos_create(pipe);
  pipe->phase = IPC_PIPE_FIFOS_OPEN;
  if (error == 0)
    error = pipe->in = ipc_pipe_fifos_open_end(pipe, in.text, O_RDONLY);
  if (error >= 0)
    error = pipe->placeholder = ipc_pipe_fifos_open_end(pipe, out.text, O_RDONLY);
  if (error >= 0)
    error = pipe->out = ipc_pipe_fifos_open_end(pipe, out.text, O_WRONLY);
  if (error >= 0)
    error = check_reader(pipe, out.text); /* before the watch, which would report this opening */
  if (error < 0) {
    ipc_pipe_fifos_close(pipe);
    return error;
  }
  pipe->watched_in = watch_fifo(pipe, in.text);
  pipe->watched_out = watch_fifo(pipe, out.text);
  return 0;
}

int ipc_pipe_fifos_drain(const struct ipc_pipe *pipe) {
  _Alignas(struct inotify_event) char events[4096];
  int opened = 0;
  ssize_t count;
  while (pipe->link.watch >= 0 && (count = ipc_read(pipe->link.watch, events, sizeof events)) > 0)
    for (ssize_t at = 0; at < count;) {
      struct inotify_event event;
      memcpy(&event, events + at, sizeof event);
      at += (ssize_t)sizeof event + event.len;
      if (event.mask & IN_OPEN && event.wd == pipe->watched_in)
        opened |= IPC_READABLE;
      if (event.mask & IN_OPEN && event.wd == pipe->watched_out)
        opened |= IPC_WRITABLE;
    }
  return opened;
}

/* ---- What the peer has opened ---------------------------------------------------------------------------------- */

bool ipc_pipe_fifos_has_writer(struct ipc_pipe *pipe) {
  if (pipe->phase != IPC_PIPE_FIFOS_CONNECTED && ipc_wait(pipe->in, IPC_READABLE, -1, 0) > 0)
    pipe->phase = IPC_PIPE_FIFOS_CONNECTED;
  return pipe->phase == IPC_PIPE_FIFOS_CONNECTED;
}

bool ipc_pipe_fifos_has_only_reader(const struct ipc_pipe *pipe) {
  return pipe->link.is_server && pipe->link.ticket == 0 && pipe->placeholder < 0 && pipe->phase == IPC_PIPE_FIFOS_OPEN;
}

bool ipc_pipe_fifos_has_lost_reader(struct ipc_pipe *pipe) {
  struct pollfd set = {.fd = pipe->out};
  int ready = 0;
  if (ipc_pipe_fifos_has_only_reader(pipe) && pipe->out >= 0 && !ipc_pipe_fifos_has_writer(pipe))
    IPC_CALL(ready, poll(&set, 1, 0));
  return ready > 0;
}
