/* The supervisor. */
#ifndef IPC_SUPERVISOR_H
#define IPC_SUPERVISOR_H

#include "base.h"

IPC_DECLARATIONS_BEGIN

/// Tells a supervisor of the server's state, such as "READY=1", on the datagram socket at that path, or abstract name
/// after an @ (its NOTIFY_SOCKET). As sd_notify(3).
int ipc_notify(const char *path, size_t path_length, const char *state, size_t state_length);

IPC_DECLARATIONS_END

#endif
