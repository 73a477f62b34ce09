/* Signals as descriptors. */
#ifndef IPC_SIGNALS_H
#define IPC_SIGNALS_H

#include "base.h"

IPC_DECLARATIONS_BEGIN

/// From now on a write to a closed pipe is EPIPE, and one beyond the limit of a file's size EFBIG, not death: ignores
/// SIGPIPE and SIGXFSZ. As signal(7).
int ipc_ignore_write_signals(void);

/// From now on SIGINT and SIGTERM, unless they were ignored, make this descriptor readable instead of ending the
/// process: a stop for ipc_wait() and ipc_serve(). Blocks them in the calling thread, so call it before others start.
/// As signalfd(2).
int ipc_stop_signals(void);

/// The same for SIGUSR1: a notice for ipc_serve().
int ipc_status_signals(void);

IPC_DECLARATIONS_END

#endif
