/* The states by which client and server meet. Both write them into the rendezvous, each in a place of its own. */
#include "handshake.h"

_Static_assert(offsetof(struct ipc_memory_rendezvous, client) == offsetof(struct ipc_pipe_rendezvous, client) &&
                   offsetof(struct ipc_memory_rendezvous, server) == offsetof(struct ipc_pipe_rendezvous, server),
               "a pipe and shared memory have their states in the same places");

enum { STATE_BITS = 3, STATE_MASK = (1 << STATE_BITS) - 1 };

static off_t state_offset(bool of_server) {
  return of_server ? (off_t)offsetof(struct ipc_pipe_rendezvous, server)
                   : (off_t)offsetof(struct ipc_pipe_rendezvous, client);
}

/// The ticket and the state that the server or the client wrote, or 0.
static uint64_t read_word(const struct ipc_link *link, bool of_server) {
  uint64_t word = 0;
  ssize_t count = ipc_file_read(link->rendezvous, state_offset(of_server), &word, sizeof word);
  return count == sizeof word ? word : 0;
}

static uint64_t read_peer(const struct ipc_link *link) { return read_word(link, !link->is_server); }

uint64_t ipc_handshake_find_client(const struct ipc_link *link) {
  uint64_t word = read_peer(link), ticket = word >> STATE_BITS;
  return (word & STATE_MASK) == IPC_PIPE_HELLO && ipc_name_lock_has_client(link, ticket) ? ticket : 0;
}

int ipc_handshake_write(const struct ipc_link *link, enum ipc_pipe_state state) {
  uint64_t word = link->ticket << STATE_BITS | state;
  return ipc_file_write(link->rendezvous, state_offset(link->is_server), &word, sizeof word);
}

unsigned ipc_handshake_peer_state(const struct ipc_link *link) {
  uint64_t word = read_peer(link);
  return word >> STATE_BITS == link->ticket ? (unsigned)(word & STATE_MASK) : 0;
}

bool ipc_handshake_peer_has_ended(const struct ipc_link *link) {
  return link->ticket == 0 || ipc_handshake_peer_state(link) >= IPC_PIPE_ENDED;
}

bool ipc_handshake_peer_has_closed(const struct ipc_link *link) {
  return link->ticket == 0 || ipc_handshake_peer_state(link) >= IPC_PIPE_CLOSED;
}

bool ipc_handshake_peer_has_failed(const struct ipc_link *link) {
  return link->ticket != 0 && ipc_handshake_peer_state(link) == IPC_PIPE_RESET;
}

/// Whether the server of a pipe still serves the former client, which has gone. Its state tells the server whether it
/// has ended or died, so the next hello must not replace it yet. The rings of shared memory tell that themselves.
static bool serves_former(const struct ipc_link *link) {
  uint64_t server = read_word(link, true);
  return link->endpoint.transport == IPC_PIPE && (server & STATE_MASK) == IPC_PIPE_WELCOME &&
         server >> STATE_BITS == read_word(link, false) >> STATE_BITS;
}

int ipc_handshake_connect(struct ipc_link *link, enum ipc_link_busy busy, struct ipc_deadline deadline) {
  ipc_name_lock_watch(link);
  int error = ipc_name_lock_acquire_client(link, busy, deadline);
  while (error >= 0 && serves_former(link)) {
    if (!ipc_name_lock_is_open(link))
      error = -ECONNREFUSED;
    else
      error = busy == IPC_LINK_BUSY_WAIT ? ipc_name_lock_wait_for_change(link, -1, -1, deadline) : -EBUSY;
  }
  if (error >= 0)
    error = ipc_handshake_write(link, IPC_PIPE_HELLO);
  while (error >= 0) {
    bool is_open = ipc_name_lock_is_open(link); /* first: a server may give up its name right after the welcome */
    if (ipc_handshake_peer_state(link) == IPC_PIPE_WELCOME)
      return 0;
    error = is_open ? ipc_name_lock_wait_for_change(link, -1, -1, deadline) : -ECONNREFUSED;
  }
  return error;
}
