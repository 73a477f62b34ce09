/* A client. */
#ifndef IPC_CLIENT_H
#define IPC_CLIENT_H

#include "observer.h"

IPC_DECLARATIONS_BEGIN

/// Milliseconds in which a client must be connected, unless it says otherwise.
#define IPC_CONNECT_TIMEOUT_MS 10000

/// Connects within the time, or forever if it is negative. ECONNRESET: it was connected, and has been reset since. The
/// endpoint's name must be an address. Errors: ETIMEDOUT. As connect(2).
int ipc_connect(int socket, const struct ipc_endpoint *endpoint, int timeout_ms);

/// A socket that is connected, and to whom.
struct ipc_connection {
  int descriptor;
  int error; ///< 0, or -ECONNRESET: it was made, and reset before that was seen; ipc_relay() tells it after what
             ///< arrived
  struct ipc_endpoint endpoint;
};

/// Connects to the first candidate that answers, all within the time: creates, connects.
int ipc_client_open(const struct ipc_endpoint *candidates, size_t count, int timeout_ms,
                    const struct ipc_observer *_Nullable observer, struct ipc_connection *connection,
                    struct ipc_failure *failure);

/// Sends what comes from `input` and half-closes at its end; writes what comes from the server to `output`; returns at
/// the server's end, whether or not input is left. Both ways at once, in bounded memory. A reset is told after all that
/// had arrived was written. A server that takes no more input is no error.
int ipc_relay(const struct ipc_connection *connection, int input, int output,
              const struct ipc_observer *_Nullable observer, struct ipc_failure *failure);

IPC_DECLARATIONS_END

#endif
