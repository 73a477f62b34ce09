/* What the sessions of a loop share. */
#ifndef IPC_SESSION_SHARED_H
#define IPC_SESSION_SHARED_H

#include "../socket/socket.h"

#ifdef __clang__
#pragma clang assume_nonnull begin
#endif

struct ipc_session_shared {
  const struct ipc_server *servers; ///< the server's listeners
  const struct ipc_service *service;
  const struct ipc_serve_options *options;
  const struct ipc_observer *_Nullable observer;
  struct ipc_failure *failure;
  struct ipc_output *output;
  unsigned char *input, *reply; ///< IPC_BUFFER_SIZE bytes each
};

#ifdef __clang__
#pragma clang assume_nonnull end
#endif

#endif
