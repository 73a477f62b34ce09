/* A pipe: two FIFOs, and a lobby beside them where client and server meet. */
#include "link_internal.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- The server ------------------------------------------------------------------------------------------------ */

/// Opens the lobby, or makes it; holds it, and looks whether the name is still its: a server that ends removes it.
static int open_lobby(struct ipc_link *link) {
  struct ipc_fifo_path path = ipc_fifo_path(link, ".lock");
  struct stat held;
  int error;
  for (;;) {
    IPC_CALL(link->lobby, open(path.text, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (link->lobby < 0)
      return ipc_hold_kind(link->lobby);
    error = ipc_hold_check(link->lobby, S_IFREG, false);
    if (error == 0)
      IPC_CALL(error, fstat(link->lobby, &held));
    if (error == 0 && held.st_size != 0 && held.st_size != sizeof(struct ipc_pipe_rendezvous))
      error = -IPC_EKIND;
    if (error == 0)
      error = ipc_hold_take(link->lobby, &link->holder);
    if (error == 0 && ipc_fifo_has_name(link))
      return 0;
    ipc_link_drop(&link->lobby);
    if (error < 0)
      return error;
  }
}

int ipc_pipe_listen(struct ipc_link *link) {
  struct ipc_pipe_rendezvous fresh = {.magic = IPC_PIPE_MAGIC, .version = IPC_LINK_VERSION};
  int error = open_lobby(link);
  if (error < 0)
    return error;
  error = ipc_hold_write(link->lobby, 0, &fresh, sizeof fresh);
  if (error == 0 && (link->watch = ipc_hold_watch(link->lobby)) < 0)
    error = link->watch;
  if (error == 0)
    error = ipc_fifo_begin(link);
  if (error < 0)
    ipc_pipe_remove(link);
  return error;
}

/// Which of the FIFOs somebody has opened since.
static int read_watch(const struct ipc_link *link) {
  _Alignas(struct inotify_event) char events[4096];
  int opened = 0;
  ssize_t count;
  while ((count = ipc_read(link->watch, events, sizeof events)) > 0)
    for (ssize_t at = 0; at < count;) {
      struct inotify_event event;
      memcpy(&event, events + at, sizeof event);
      at += (ssize_t)sizeof event + event.len;
      if (event.mask & IN_OPEN)
        opened |= event.wd == link->watched_in ? IPC_READABLE : event.wd == link->watched_out ? IPC_WRITABLE : 0;
    }
  return opened;
}

void ipc_pipe_look(struct ipc_link *link) {
  if (!link->serves)
    ipc_hold_clear(link->watch);
  else if (read_watch(link) & IPC_WRITABLE)
    ipc_link_drop(&link->spare);
}

/// Answers a hello, until the client has opened the FIFOs or is gone. Errors: EAGAIN (there is none, or it is gone).
static int welcome(struct ipc_link *link, int extra, int64_t deadline) {
  uint64_t word = ipc_fifo_word(link, false);
  link->turn = word >> 3;
  if ((word & 7) != IPC_PIPE_HELLO || !ipc_hold_has_turn(link->lobby, link->turn)) {
    link->turn = 0;
    return -EAGAIN;
  }
  int error = ipc_fifo_tell(link, link->turn, IPC_PIPE_WELCOME);
  while (error == 0 && ipc_fifo_state(link) < IPC_PIPE_OPENED) {
    /* Gone, or its word is not its own any more; it may have opened a FIFO: the next gets others. */
    if (!ipc_hold_has_turn(link->lobby, link->turn) || ipc_fifo_state(link) == 0) {
      error = ipc_fifo_make(link);
      ipc_fifo_close(link);
      if (error == 0)
        error = ipc_fifo_begin(link);
      link->turn = 0;
      return error < 0 ? error : -EAGAIN;
    }
    error = ipc_link_pause(link, -1, extra, deadline);
    read_watch(link);
    if (error == -ECANCELED && ipc_fifo_state(link) >= IPC_PIPE_OPENED)
      error = 0; /* it is here, and served */
  }
  if (error == 0)
    ipc_link_drop(&link->spare);
  return error;
}

int ipc_pipe_accept(struct ipc_link *link, int extra, int64_t deadline) {
  int error = link->in < 0 ? ipc_fifo_begin(link) : 0;
  while (error == 0) {
    int opened = read_watch(link);
    if (opened & IPC_WRITABLE)
      ipc_link_drop(&link->spare);
    if (opened != 0 || link->spare < 0 || ipc_wait(link->in, IPC_READABLE, -1, 0) > 0) {
      link->turn = 0; /* by hand: a client of ours waits for its welcome */
      return 0;
    }
    error = welcome(link, extra, deadline);
    if (error != -EAGAIN)
      return error;
    error = ipc_link_pause(link, link->in, extra, deadline);
  }
  return error;
}

void ipc_pipe_remove(struct ipc_link *link) {
  if (!ipc_fifo_has_name(link))
    return;
  ipc_fifo_remove(ipc_fifo_path(link, ".in").text);
  ipc_fifo_remove(ipc_fifo_path(link, ".out").text);
  ipc_fifo_remove(ipc_fifo_path(link, ".new").text);
  unlink(ipc_fifo_path(link, ".lock").text); /* the lobby last: who holds it owns the names */
}

/* ---- The client ------------------------------------------------------------------------------------------------ */

static int find_lobby(struct ipc_link *link) {
  struct {
    uint32_t magic, version;
  } head; /* a server may be about to write the words */
  struct ipc_fifo_path path = ipc_fifo_path(link, ".lock");
  IPC_CALL(link->lobby, open(path.text, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (link->lobby < 0)
    return ipc_hold_kind(link->lobby);
  int error = ipc_hold_check(link->lobby, S_IFREG, true);
  if (error < 0)
    return error;
  if (!ipc_hold_is_taken(link->lobby))
    return -ECONNREFUSED;
  ssize_t count;
  IPC_CALL(count, pread(link->lobby, &head, sizeof head, 0));
  if (count <= 0) /* a server that is about to write it */
    return count < 0 ? (int)count : -ECONNREFUSED;
  return count == sizeof head && head.magic == IPC_PIPE_MAGIC && head.version == IPC_LINK_VERSION ? 0 : -IPC_EKIND;
}

int ipc_pipe_connect(struct ipc_link *link, bool waits, int64_t deadline) {
  int error = find_lobby(link);
  if (error < 0)
    return error;
  error = ipc_fifo_greet(link, waits, deadline);
  if (error == 0 && (link->out = ipc_fifo_open(ipc_fifo_path(link, ".in").text, O_WRONLY, true)) < 0)
    error = link->out == -ENXIO ? -ECONNREFUSED : link->out;
  if (error == 0 && (link->in = ipc_fifo_open(ipc_fifo_path(link, ".out").text, O_RDONLY, true)) < 0)
    error = link->in;
  link->opened = true;
  return error < 0 ? error : ipc_fifo_tell(link, link->turn, IPC_PIPE_OPENED);
}

/* ---- Both ------------------------------------------------------------------------------------------------------ */

/// A FIFO that no writer has opened yet reads as one that the last has closed; poll(2) tells them apart.
static bool was_opened(struct ipc_link *link) {
  return link->opened = link->opened || ipc_wait(link->in, IPC_READABLE, -1, 0) > 0;
}

bool ipc_pipe_needs_attention(const struct ipc_link *link) {
  return link->serves && link->turn == 0 && link->spare < 0 && !link->opened;
}

/// A reader by hand has gone away, and nobody has come to send: nothing can come or go any more.
static bool is_deserted(struct ipc_link *link) {
  struct pollfd set = {.fd = link->out};
  int ready = 0;
  if (ipc_pipe_needs_attention(link) && link->out >= 0 && !was_opened(link))
    IPC_CALL(ready, poll(&set, 1, 0));
  return ready > 0;
}

static ssize_t read_some(struct ipc_link *link, void *buffer, size_t size) {
  return was_opened(link) ? ipc_read(link->in, buffer, size) : -EAGAIN;
}

ssize_t ipc_pipe_receive(struct ipc_link *link, void *buffer, size_t size) {
  ssize_t count = read_some(link, buffer, size);
  if (count == -EAGAIN && is_deserted(link)) {
    link->ended = true;
    return 0;
  }
  if (count == -EAGAIN && ipc_link_lives(link))
    return count;
  if (count == -EAGAIN) /* what it sent before it died may have come meanwhile */
    count = read_some(link, buffer, size);
  if (count > 0 || (count < 0 && count != -EAGAIN))
    return count;
  if (!ipc_fifo_end_is_told(link))
    return -EOWNERDEAD;
  link->ended = true;
  return 0;
}

ssize_t ipc_pipe_send(struct ipc_link *link, const void *bytes, size_t length) {
  ssize_t count = -EAGAIN;
  if (link->spare < 0)
    IPC_CALL(count, write(link->out, bytes, length));
  if (count == -EAGAIN && !ipc_link_lives(link))
    count = -EPIPE;
  return count == -EPIPE && link->serves && !ipc_fifo_leave_is_told(link) ? -EOWNERDEAD : count;
}

int ipc_pipe_finish(struct ipc_link *link) {
  int error = link->turn > 0 ? ipc_fifo_tell(link, link->turn, IPC_PIPE_ENDED) : 0;
  ipc_link_drop(&link->out);
  link->half_closed = true;
  return error;
}

int ipc_pipe_leave(struct ipc_link *link) {
  int error = 0;
  if (link->turn > 0 && link->in >= 0)
    error = ipc_fifo_tell(link, link->turn, link->serves ? IPC_PIPE_ENDED : IPC_PIPE_CLOSED);
  if (link->serves && link->in >= 0) /* before the former ends close: who opens one by hand never waits for nobody */
    ipc_fifo_make(link);
  ipc_fifo_close(link);
  return error;
}
