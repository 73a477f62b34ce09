/* Signals, as descriptors to wait for. Call these before any thread starts: they block signals in the calling thread.
 */
#ifndef IPC_SIGNALS_H
#define IPC_SIGNALS_H

#include "base.h"

IPC_DECLARATIONS_BEGIN

/// Ignores SIGPIPE and SIGXFSZ, so that a write to a closed pipe returns EPIPE and one beyond the file size limit
/// EFBIG. As signal(7).
int ipc_ignore_write_signals(void);

/// Returns a descriptor that is readable after SIGINT, SIGTERM or SIGHUP, which no longer end the process: a stop
/// request for ipc_wait() and ipc_serve(). A signal that was ignored stays ignored, such as SIGHUP under nohup(1). As
/// signalfd(2).
int ipc_stop_signals(void);

/// Returns a descriptor that is readable after SIGUSR1: a status request for ipc_serve(). As signalfd(2).
int ipc_status_signals(void);

IPC_DECLARATIONS_END

#endif
