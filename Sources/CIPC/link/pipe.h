/* One end of a pipe, for pipe.c and pipe_fifos.c. */
#ifndef IPC_PIPE_H
#define IPC_PIPE_H

#include "handshake.h"

#ifdef __clang__
#pragma clang assume_nonnull begin
#endif

enum ipc_pipe_phase {
  IPC_PIPE_FIFOS_NONE,      ///< the server has to create FIFOs
  IPC_PIPE_FIFOS_NEW,       ///< created for the next client, and not open yet
  IPC_PIPE_FIFOS_OPEN,      ///< open; the peer has not opened its writing end, as far as this end knows
  IPC_PIPE_FIFOS_CONNECTED, ///< the peer has opened its writing end
};

struct ipc_pipe {
  struct ipc_link link;
  enum ipc_pipe_phase phase;
  int in, out;                 ///< FIFOs, or -1
  int placeholder;             ///< the server's own reader of NAME.out, until the peer has opened it; else -1
  int watched_in, watched_out; ///< a server's FIFOs in the watch
};

static inline struct ipc_pipe *ipc_pipe_of(struct ipc_link *link) { return (struct ipc_pipe *)link; }

struct ipc_pipe_path {
  char text[IPC_PIPE_PATH_MAX + sizeof ".lock"];
};

struct ipc_pipe_path ipc_pipe_fifos_path(const struct ipc_pipe *pipe, const char *suffix);

/// Whether NAME.lock is still the file that this end has open.
bool ipc_pipe_fifos_has_name(const struct ipc_pipe *pipe);

/// Opens or creates NAME.lock, and locks it. Retries if the former server has removed the file meanwhile.
int ipc_pipe_fifos_claim_name(struct ipc_pipe *pipe);

/// Creates both FIFOs anew for each client: a process that has the former ones open, or was killed with bytes in them,
/// shares nothing with the next client. Errors: ESTALE (another server may own the names), ipc_local_error.
int ipc_pipe_fifos_create(struct ipc_pipe *pipe);

/// Removes all the names, if they are still this server's.
void ipc_pipe_fifos_remove_names(const struct ipc_pipe *pipe);

/// Opens one end of a FIFO, and checks that it can be trusted.
int ipc_pipe_fifos_open_end(const struct ipc_pipe *pipe, const char *path, int flags);

/// Closes this end's FIFOs.
void ipc_pipe_fifos_close(struct ipc_pipe *pipe);

/// Checks again for a reader: one that opened NAME.out by hand between the first check and the watch causes no event.
int ipc_pipe_fifos_recheck_reader(struct ipc_pipe *pipe);

/// Opens a server's ends of new FIFOs. A writer can only be opened while there is a reader, so the server opens a
/// placeholder reader as well, and keeps it until the peer reads.
int ipc_pipe_fifos_open(struct ipc_pipe *pipe);

/// Reads a server's watch. Returns IPC_READABLE if somebody has opened NAME.in, IPC_WRITABLE for NAME.out.
int ipc_pipe_fifos_drain(const struct ipc_pipe *pipe);

/// Whether the peer has opened its writing end. read(2) returns 0 before that as well; poll(2) tells the difference.
bool ipc_pipe_fifos_has_writer(struct ipc_pipe *pipe);

/// Whether somebody has opened NAME.out by hand, and nobody NAME.in. Then only the closing of NAME.out shows the end.
bool ipc_pipe_fifos_has_only_reader(const struct ipc_pipe *pipe);

/// Whether such a reader has closed NAME.out: no bytes can come or go any more.
bool ipc_pipe_fifos_has_lost_reader(struct ipc_pipe *pipe);

#ifdef __clang__
#pragma clang assume_nonnull end
#endif

#endif
