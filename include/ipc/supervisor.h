/* The supervisor, such as systemd, that started the server. */
#ifndef IPC_SUPERVISOR_H
#define IPC_SUPERVISOR_H

#include "base.h"

IPC_DECLARATIONS_BEGIN

/// Sends the server's state, such as "READY=1", to the supervisor's datagram socket at `path`, the value of
/// NOTIFY_SOCKET; an abstract name starts with @. As sd_notify(3).
int ipc_notify(const char *path, size_t path_length, const char *state, size_t state_length);

IPC_DECLARATIONS_END

#endif
