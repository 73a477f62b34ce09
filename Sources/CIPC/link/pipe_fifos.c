/* What a pipe is made of: its FIFOs, and the words of its lobby. */
#include "link_internal.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

struct ipc_fifo_path ipc_fifo_path(const struct ipc_link *link, const char *suffix) {
  struct ipc_fifo_path path;
  snprintf(path.text, sizeof path.text, "%s%s", link->endpoint.name, suffix);
  return path;
}

/* ---- The lobby's words ----------------------------------------------------------------------------------------- */

static off_t word_offset(bool servers) {
  return (off_t)(servers ? offsetof(struct ipc_pipe_rendezvous, server) : offsetof(struct ipc_pipe_rendezvous, client));
}

uint64_t ipc_fifo_word(const struct ipc_link *link, bool servers) {
  uint64_t word = 0;
  ssize_t count;
  IPC_CALL(count, pread(link->lobby, &word, sizeof word, word_offset(servers)));
  return count == sizeof word ? word : 0;
}

int ipc_fifo_tell(const struct ipc_link *link, uint64_t turn, enum ipc_pipe_state state) {
  uint64_t word = turn << 3 | state;
  return ipc_hold_write(link->lobby, word_offset(link->serves), &word, sizeof word);
}

/// How far the other end says that it is, in this turn; 0 is nothing.
unsigned ipc_fifo_state(const struct ipc_link *link) {
  uint64_t word = ipc_fifo_word(link, !link->serves);
  return word >> 3 == link->turn ? (unsigned)(word & 7) : 0;
}

bool ipc_fifo_end_is_told(const struct ipc_link *link) {
  return link->turn == 0 || ipc_fifo_state(link) >= IPC_PIPE_ENDED;
}

bool ipc_fifo_leave_is_told(const struct ipc_link *link) {
  return link->turn == 0 || ipc_fifo_state(link) >= IPC_PIPE_CLOSED;
}

bool ipc_fifo_has_name(const struct ipc_link *link) {
  struct ipc_fifo_path path = ipc_fifo_path(link, ".lock");
  struct stat now, held;
  return lstat(path.text, &now) == 0 && fstat(link->lobby, &held) == 0 && now.st_dev == held.st_dev &&
         now.st_ino == held.st_ino;
}

/* ---- The FIFOs ------------------------------------------------------------------------------------------------- */

int ipc_fifo_remove(const char *path) {
  struct stat status;
  int error;
  IPC_CALL(error, lstat(path, &status));
  if (error < 0)
    return error == -ENOENT ? 0 : error;
  if (!S_ISFIFO(status.st_mode))
    return -IPC_EKIND;
  if (status.st_uid != geteuid())
    return -IPC_EOWNER;
  IPC_CALL(error, unlink(path));
  return error == -ENOENT ? 0 : error;
}

int ipc_fifo_greet(struct ipc_link *link, bool waits, int64_t deadline) {
  link->watch = ipc_hold_watch(link->lobby); /* without one, it is looked every IPC_PEER_CHECK_MS */
  int error = ipc_hold_turn(link, waits, deadline);
  if (error == 0)
    error = ipc_fifo_tell(link, link->turn, IPC_PIPE_HELLO);
  while (error == 0 && ipc_fifo_state(link) != IPC_PIPE_WELCOME)
    error = ipc_hold_is_taken(link->lobby) ? ipc_link_pause(link, -1, -1, deadline) : -ECONNREFUSED;
  return error;
}

/// Makes a FIFO in the place of one of ours, so that a name is never without one.
static int make_fifo(const struct ipc_link *link, const char *suffix) {
  struct ipc_fifo_path path = ipc_fifo_path(link, suffix), fresh = ipc_fifo_path(link, ".new");
  struct stat status;
  int error = ipc_fifo_remove(fresh.text);
  if (error == 0 && lstat(path.text, &status) == 0) {
    error = !S_ISFIFO(status.st_mode) ? -IPC_EKIND : status.st_uid != geteuid() ? -IPC_EOWNER : 0;
  }
  if (error == 0)
    IPC_CALL(error, mkfifo(fresh.text, S_IRUSR | S_IWUSR));
  if (error == 0)
    IPC_CALL(error, rename(fresh.text, path.text));
  return error;
}

int ipc_fifo_open(const char *path, int flags, bool trusts_root) {
  int descriptor;
  IPC_CALL(descriptor, open(path, flags | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC));
  if (descriptor < 0)
    return descriptor == -ELOOP ? -IPC_EKIND : descriptor;
  int error = ipc_hold_check(descriptor, S_IFIFO, trusts_root);
  if (error < 0)
    ipc_close(descriptor);
  return error < 0 ? error : descriptor;
}

static int watch_fifo(const struct ipc_link *link, const char *path) {
  int watched;
  IPC_CALL(watched, inotify_add_watch(link->watch, path, IN_OPEN | IN_DONT_FOLLOW));
  return watched;
}

void ipc_fifo_close(struct ipc_link *link) {
  ipc_link_drop(&link->out);
  ipc_link_drop(&link->in);
  ipc_link_drop(&link->spare);
}

int ipc_fifo_make(struct ipc_link *link) {
  int error = ipc_fifo_has_name(link) ? make_fifo(link, ".in") : -ESTALE;
  if (error == 0)
    error = make_fifo(link, ".out");
  link->fresh = error == 0;
  return error;
}

/// Whether somebody reads what the server sends: its own reader goes for the length of the question. A reader by hand
/// may have come before the FIFO was watched.
static int look_for_reader(struct ipc_link *link, const char *out) {
  struct pollfd set = {.fd = link->out, .events = POLLOUT};
  int ready;
  ipc_link_drop(&link->spare);
  IPC_CALL(ready, poll(&set, 1, 0));
  if (ready >= 0 && set.revents & POLLERR)
    ready = link->spare = ipc_fifo_open(out, O_RDONLY, false);
  return ready;
}

int ipc_fifo_look_again(struct ipc_link *link) {
  struct ipc_fifo_path out = ipc_fifo_path(link, ".out");
  if (link->spare < 0 || !ipc_fifo_has_name(link))
    return 0;
  inotify_rm_watch(link->watch, link->watched_out);
  int error = look_for_reader(link, out.text);
  if (error >= 0)
    error = link->watched_out = watch_fifo(link, out.text);
  return error < 0 ? error : 0;
}

int ipc_fifo_begin(struct ipc_link *link) {
  struct ipc_fifo_path in = ipc_fifo_path(link, ".in"), out = ipc_fifo_path(link, ".out");
  int error = link->fresh ? 0 : ipc_fifo_make(link);
  link->opened = link->fresh = false;
  if (error == 0)
    error = link->in = ipc_fifo_open(in.text, O_RDONLY, false);
  if (error >= 0)
    error = link->spare = ipc_fifo_open(out.text, O_RDONLY, false);
  if (error >= 0)
    error = link->out = ipc_fifo_open(out.text, O_WRONLY, false);
  if (error >= 0)
    error = look_for_reader(link, out.text); /* before the watch, which would tell of our own opening */
  if (error >= 0)
    error = link->watched_in = watch_fifo(link, in.text);
  if (error >= 0)
    error = link->watched_out = watch_fifo(link, out.text);
  if (error < 0)
    ipc_fifo_close(link);
  return error < 0 ? error : 0;
}
