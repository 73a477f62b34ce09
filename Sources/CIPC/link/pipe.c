/* A pipe: two FIFOs, and a file beside them at which client and server meet. */
#include "pipe.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static void ipc_pipe_init(struct ipc_link *link) {
  struct ipc_pipe *pipe = ipc_pipe_of(link);
  pipe->phase = IPC_PIPE_FIFOS_NONE;
  pipe->in = pipe->out = pipe->placeholder = pipe->watched_in = pipe->watched_out = -1;
}

/* ---- The server ------------------------------------------------------------------------------------------------ */

static int ipc_pipe_listen(struct ipc_link *link) {
  struct ipc_pipe *pipe = ipc_pipe_of(link);
  struct ipc_pipe_rendezvous head = {.magic = IPC_PIPE_MAGIC, .version = IPC_LINK_VERSION};
  int error = ipc_pipe_fifos_claim_name(pipe);
  if (error < 0)
    return error;
  error = ipc_file_write(link->rendezvous, 0, &head, sizeof head);
  ipc_name_lock_watch(link);
  if (error == 0)
    error = ipc_pipe_fifos_open(pipe);
  if (error < 0)
    ipc_pipe_fifos_remove_names(pipe);
  return error;
}

static int wait_for_client(struct ipc_pipe *pipe, int readable, int extra, struct ipc_deadline deadline) {
  int change = ipc_name_lock_wait_for_change(&pipe->link, readable, extra, deadline);
  return change == IPC_NAME_LOCK_TICK ? ipc_pipe_fifos_recheck_reader(pipe) : change;
}

/// The client is gone, or its state no longer has its ticket. It may have opened a FIFO, so the next client gets new
/// ones. Errors: EAGAIN (there are new ones).
static int give_up_client(struct ipc_pipe *pipe) {
  ipc_handshake_write(&pipe->link, IPC_PIPE_ENDED); /* the next client waits for it */
  int error = ipc_pipe_fifos_create(pipe);
  ipc_pipe_fifos_close(pipe);
  if (error == 0)
    error = ipc_pipe_fifos_open(pipe);
  pipe->link.ticket = 0;
  return error < 0 ? error : -EAGAIN;
}

/// Answers a hello, and waits until the client has opened the FIFOs. Errors: EAGAIN (there is no client).
static int welcome(struct ipc_pipe *pipe, int extra, struct ipc_deadline deadline) {
  struct ipc_link *link = &pipe->link;
  link->ticket = ipc_handshake_find_client(link);
  if (link->ticket == 0)
    return -EAGAIN;
  int error = ipc_handshake_write(link, IPC_PIPE_WELCOME);
  while (error == 0 && ipc_handshake_peer_state(link) < IPC_PIPE_OPENED) {
    if (!ipc_name_lock_has_client(link, link->ticket) || ipc_handshake_peer_state(link) == 0)
      return give_up_client(pipe);
    error = wait_for_client(pipe, -1, extra, deadline);
    ipc_pipe_fifos_drain(pipe);
    if (error == -ECANCELED && ipc_handshake_peer_state(link) >= IPC_PIPE_OPENED)
      error = 0; /* the client has connected, and is served */
  }
  if (error == 0)
    ipc_name_lock_drop(&pipe->placeholder);
  return error;
}

static int ipc_pipe_accept(struct ipc_link *link, int extra, struct ipc_deadline deadline) {
  struct ipc_pipe *pipe = ipc_pipe_of(link);
  int error = pipe->in < 0 ? ipc_pipe_fifos_open(pipe) : 0;
  while (error == 0) {
    int opened = ipc_pipe_fifos_drain(pipe);
    if (opened & IPC_WRITABLE)
      ipc_name_lock_drop(&pipe->placeholder);
    if (opened != 0 || pipe->placeholder < 0 || ipc_wait(pipe->in, IPC_READABLE, -1, 0) > 0) {
      link->ticket = 0; /* by hand: a client of this protocol opens nothing before its welcome */
      return 0;
    }
    error = welcome(pipe, extra, deadline);
    if (error != -EAGAIN)
      return error;
    error = wait_for_client(pipe, pipe->in, extra, deadline);
  }
  return error;
}

/* ---- The client ------------------------------------------------------------------------------------------------ */

static int find_rendezvous(struct ipc_link *link) {
  uint32_t head[2]; /* magic and version; the states behind them may not be written yet */
  struct ipc_pipe_path path = ipc_pipe_fifos_path(ipc_pipe_of(link), ".lock");
  IPC_CALL(link->rendezvous, open(path.text, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (link->rendezvous < 0)
    return ipc_name_lock_open_error(link->rendezvous);
  int error = ipc_name_lock_check(link, link->rendezvous, S_IFREG);
  if (error < 0)
    return error;
  if (!ipc_name_lock_has_server(link))
    return -ECONNREFUSED;
  ssize_t count = ipc_file_read(link->rendezvous, 0, head, sizeof head);
  if (count <= 0) /* 0: the server is about to write it */
    return count < 0 ? (int)count : -ECONNREFUSED;
  return count == sizeof head && head[0] == IPC_PIPE_MAGIC && head[1] == IPC_LINK_VERSION ? 0 : -IPC_EKIND;
}

static int ipc_pipe_connect(struct ipc_link *link, enum ipc_link_busy busy, struct ipc_deadline deadline) {
  struct ipc_pipe *pipe = ipc_pipe_of(link);
  int error = find_rendezvous(link);
  if (error == 0)
    error = ipc_handshake_connect(link, busy, deadline);
  if (error < 0)
    return error;
  pipe->out = ipc_pipe_fifos_open_end(pipe, ipc_pipe_fifos_path(pipe, ".in").text, O_WRONLY);
  if (pipe->out < 0)
    return pipe->out == -ENXIO ? -ECONNREFUSED : pipe->out;
  pipe->in = ipc_pipe_fifos_open_end(pipe, ipc_pipe_fifos_path(pipe, ".out").text, O_RDONLY);
  if (pipe->in < 0)
    return pipe->in;
  pipe->phase = IPC_PIPE_FIFOS_CONNECTED;
  return ipc_handshake_write(link, IPC_PIPE_OPENED);
}

/* ---- Both ------------------------------------------------------------------------------------------------------ */

static ssize_t read_some(struct ipc_pipe *pipe, void *buffer, size_t size) {
  return ipc_pipe_fifos_has_writer(pipe) ? ipc_read(pipe->in, buffer, size) : -EAGAIN;
}

static ssize_t ipc_pipe_receive(struct ipc_link *link, void *buffer, size_t size) {
  struct ipc_pipe *pipe = ipc_pipe_of(link);
  ssize_t count = read_some(pipe, buffer, size);
  if (count == -EAGAIN && ipc_pipe_fifos_has_lost_reader(pipe)) {
    link->peer = IPC_LINK_PEER_ENDED;
    return 0;
  }
  if (count == -EAGAIN && ipc_name_lock_peer_is_alive(link))
    return count;
  if (count == -EAGAIN) /* bytes that the peer sent before it died may have come meanwhile */
    count = read_some(pipe, buffer, size);
  if (count > 0 || (count < 0 && count != -EAGAIN))
    return count;
  if (!ipc_handshake_peer_has_ended(link))
    return -EOWNERDEAD;
  bool has_failed = ipc_handshake_peer_has_failed(link);
  link->peer = has_failed ? IPC_LINK_PEER_CLOSED : IPC_LINK_PEER_ENDED;
  return has_failed ? -ECONNRESET : 0;
}

static ssize_t ipc_pipe_send(struct ipc_link *link, const void *bytes, size_t length) {
  struct ipc_pipe *pipe = ipc_pipe_of(link);
  ssize_t count = -EAGAIN;
  if (pipe->placeholder < 0)
    IPC_CALL(count, write(pipe->out, bytes, length));
  if (count == -EAGAIN && !ipc_name_lock_peer_is_alive(link))
    count = -EPIPE;
  if (count == -EPIPE && link->is_server)
    return ipc_handshake_peer_has_closed(link) ? count : -EOWNERDEAD;
  /* A living server writes its end before it closes. Without one, it still waits for this client's bytes. */
  bool is_reset = count == -EPIPE && ipc_name_lock_peer_is_alive(link) && !ipc_handshake_peer_has_ended(link);
  return is_reset ? -ECONNRESET : count;
}

static int ipc_pipe_half_close(struct ipc_link *link) {
  int error = link->ticket > 0 ? ipc_handshake_write(link, IPC_PIPE_ENDED) : 0;
  ipc_name_lock_drop(&ipc_pipe_of(link)->out);
  link->half_closed = true;
  return error;
}

static int ipc_pipe_disconnect(struct ipc_link *link, bool failed) {
  struct ipc_pipe *pipe = ipc_pipe_of(link);
  enum ipc_pipe_state end = link->is_server ? IPC_PIPE_ENDED : IPC_PIPE_CLOSED;
  int error = 0;
  if (link->ticket > 0 && pipe->in >= 0)
    error = ipc_handshake_write(link, failed ? IPC_PIPE_RESET : end);
  if (link->is_server && pipe->in >= 0) /* before closing, or an open(2) by hand could block on a FIFO without a peer */
    ipc_pipe_fifos_create(pipe);
  ipc_pipe_fifos_close(pipe);
  return error;
}

static void drain_watch(struct ipc_pipe *pipe) {
  if (!pipe->link.is_server)
    ipc_name_lock_drain(&pipe->link);
  else if (ipc_pipe_fifos_drain(pipe) & IPC_WRITABLE)
    ipc_name_lock_drop(&pipe->placeholder);
}

static int ipc_pipe_wait(struct ipc_link *link, int events, int extra, int timeout_ms) {
  struct ipc_pipe *pipe = ipc_pipe_of(link);
  struct ipc_deadline deadline = ipc_clock_end(timeout_ms);
  for (;;) {
    bool reads = events & IPC_READABLE, writes = events & IPC_WRITABLE && pipe->placeholder < 0;
    struct ipc_name_lock_poll request = {.events = events,
                                         .in = reads ? pipe->in : -1,
                                         .out =
                                             writes || (reads && ipc_pipe_fifos_has_only_reader(pipe)) ? pipe->out : -1,
                                         .out_event = writes ? IPC_WRITABLE : IPC_READABLE,
                                         .extra = extra};
    int found = ipc_name_lock_poll(link, &request, deadline);
    if (found == 0)
      found = ipc_pipe_fifos_recheck_reader(pipe);
    if (found < 0)
      return found;
    if (found & IPC_NAME_LOCK_CHANGED)
      drain_watch(pipe);
    if (found & ~IPC_NAME_LOCK_CHANGED)
      return found & ~IPC_NAME_LOCK_CHANGED;
  }
}

static void ipc_pipe_remove_names(struct ipc_link *link) { ipc_pipe_fifos_remove_names(ipc_pipe_of(link)); }

static void ipc_pipe_release(struct ipc_link *link) { ipc_pipe_fifos_close(ipc_pipe_of(link)); }

const struct ipc_link_ops ipc_pipe_ops = {.size = sizeof(struct ipc_pipe),
                                          .init = ipc_pipe_init,
                                          .listen = ipc_pipe_listen,
                                          .accept = ipc_pipe_accept,
                                          .connect = ipc_pipe_connect,
                                          .receive = ipc_pipe_receive,
                                          .send = ipc_pipe_send,
                                          .half_close = ipc_pipe_half_close,
                                          .disconnect = ipc_pipe_disconnect,
                                          .wait = ipc_pipe_wait,
                                          .remove_names = ipc_pipe_remove_names,
                                          .release = ipc_pipe_release};
