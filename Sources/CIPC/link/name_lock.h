/* The locks on a link's name, and waiting for a peer that may die. */
#ifndef IPC_NAME_LOCK_H
#define IPC_NAME_LOCK_H

#include "link_transport.h"

#ifdef __clang__
#pragma clang assume_nonnull begin
#endif

/// Closes the descriptor unless it is -1, and sets it to -1.
void ipc_name_lock_drop(int *descriptor);

/// Locks the server's byte. Returns 0, with or without the lock, if the rendezvous has lost its name: then the caller
/// retries. Errors: EADDRINUSE; `holder` is then the process that has the lock, if /proc/locks shows it.
int ipc_name_lock_acquire_server(struct ipc_link *link);

/// Whether another process has locked the server's byte.
bool ipc_name_lock_has_server(const struct ipc_link *link);

/// Whether the server accepts clients. After a stop it has given up its name, and serves only the client that it has.
bool ipc_name_lock_is_open(const struct ipc_link *link);

/// Whether the client with this ticket is alive and has locked the client's byte.
bool ipc_name_lock_has_client(const struct ipc_link *link, uint64_t ticket);

/// Whether the peer is alive. A peer that opened a FIFO by hand has no lock, and counts as alive.
bool ipc_name_lock_peer_is_alive(const struct ipc_link *link);

/// Milliseconds until the deadline, at most IPC_PEER_CHECK_MS.
int ipc_name_lock_slice(struct ipc_deadline deadline);

/// What ipc_name_lock_poll() polls besides the watch.
struct ipc_name_lock_poll {
  int events;    ///< that the caller waits for; all are returned once the peer is dead
  int ready;     ///< those that are ready already
  int in, out;   ///< descriptors, or -1
  int out_event; ///< IPC_WRITABLE; or IPC_READABLE if only the closing of `out` matters, which returns this event
  int extra;     ///< a descriptor, or -1
};

/// Beside the events and IPC_EXTRA: the watch is readable.
#define IPC_NAME_LOCK_CHANGED 8

/// Polls once, at most until the deadline or for IPC_PEER_CHECK_MS. Returns IPC_READABLE for `in`,
/// `out_event` for `out`, IPC_EXTRA and IPC_NAME_LOCK_CHANGED. If none of the first three is ready and the peer is
/// dead, returns `events`, so that the caller's next call reports the death. 0 is a tick: nothing has happened for
/// IPC_PEER_CHECK_MS. Errors: ETIMEDOUT.
int ipc_name_lock_poll(const struct ipc_link *link, const struct ipc_name_lock_poll *poll,
                       struct ipc_deadline deadline);

/// Polls until an event is ready, for a transport that only drains the watch when it changes.
int ipc_name_lock_wait(const struct ipc_link *link, const struct ipc_name_lock_poll *poll,
                       struct ipc_deadline deadline);

/// ipc_name_lock_wait_for_change() returned because nothing has happened for IPC_PEER_CHECK_MS.
#define IPC_NAME_LOCK_TICK 1

/// Waits until the watch changes or `readable` (or -1) is readable: 0; or for IPC_PEER_CHECK_MS: IPC_NAME_LOCK_TICK. A
/// client's watch is drained; a server drains its own. Errors: ECANCELED (`extra` is readable), ETIMEDOUT.
int ipc_name_lock_wait_for_change(const struct ipc_link *link, int readable, int extra, struct ipc_deadline deadline);

/// Draws a ticket, and waits until it is the lowest and the client's byte is free. Errors: EBUSY (another client is
/// first, and `busy` forbids waiting), ECONNREFUSED (the server accepts no clients), ETIMEDOUT.
int ipc_name_lock_acquire_client(struct ipc_link *link, enum ipc_link_busy busy, struct ipc_deadline deadline);

/// Releases all locks. Closing is not enough: a child between fork(2) and exec(3) shares them.
void ipc_name_lock_release(const struct ipc_link *link);

/// Sets `watch`: it is readable after a descriptor of the rendezvous was closed, or the rendezvous was written or lost
/// its name. If the system has no inotify(7) left, it stays -1, and changes are noticed only after IPC_PEER_CHECK_MS.
void ipc_name_lock_watch(struct ipc_link *link);

/// Reads and drops the watch's events.
void ipc_name_lock_drain(const struct ipc_link *link);

/// Checks that an object that was opened is of this type (S_IFREG and so on; 0 for a queue), that it is private, and
/// that it is our own; a client also trusts root's. Errors: ipc_local_error.
int ipc_name_lock_check(const struct ipc_link *link, int descriptor, mode_t type);

/// The error of opening a rendezvous: IPC_EKIND if there is a symbolic link, a directory or a socket instead.
int ipc_name_lock_open_error(int error);

/// Whether the rendezvous still has its name. Without it, the next server owns the name.
bool ipc_name_lock_has_name(const struct ipc_link *link);

#ifdef __clang__
#pragma clang assume_nonnull end
#endif

#endif
