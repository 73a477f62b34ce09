/* The states by which client and server meet, in the rendezvous of a pipe or of shared memory. */
#ifndef IPC_HANDSHAKE_H
#define IPC_HANDSHAKE_H

#include "name_lock.h"

#ifdef __clang__
#pragma clang assume_nonnull begin
#endif

/// The ticket of a living client that says hello, or 0.
uint64_t ipc_handshake_find_client(const struct ipc_link *link);

/// Writes this end's state, with the ticket.
int ipc_handshake_write(const struct ipc_link *link, enum ipc_pipe_state state);

/// The peer's state; 0 if it has written none with this ticket.
unsigned ipc_handshake_peer_state(const struct ipc_link *link);

/// Whether the peer has ended or closed. A peer that opened a FIFO by hand writes no state: closing its FIFO is enough.
bool ipc_handshake_peer_has_ended(const struct ipc_link *link);
bool ipc_handshake_peer_has_closed(const struct ipc_link *link);

/// Whether the peer has closed because it failed.
bool ipc_handshake_peer_has_failed(const struct ipc_link *link);

/// Connects a client: acquires the client's lock, says hello, and waits for the server's welcome. Errors: EBUSY,
/// ECONNREFUSED (the server accepts no clients any more), ETIMEDOUT.
int ipc_handshake_connect(struct ipc_link *link, enum ipc_link_busy busy, struct ipc_deadline deadline);

#ifdef __clang__
#pragma clang assume_nonnull end
#endif

#endif
