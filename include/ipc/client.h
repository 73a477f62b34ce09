/* A client: connect, or open and relay, which do it all. */
#ifndef IPC_CLIENT_H
#define IPC_CLIENT_H

#include "observer.h"

IPC_DECLARATIONS_BEGIN

/// Default milliseconds for connecting.
#define IPC_CONNECT_TIMEOUT_MS 10000

/// Connects a socket to an endpoint, whose name must be an address, and waits until it is connected. A negative timeout
/// never expires. Errors: ETIMEDOUT; ECONNREFUSED (no server listens, even if the kernel has connected the socket to
/// itself); ECONNRESET (it was connected, and the server has reset it since); EDESTADDRREQ (the host is *). As
/// connect(2).
int ipc_connect(int socket, const struct ipc_endpoint *endpoint, int timeout_ms);

/// A connected socket.
struct ipc_connection {
  int descriptor;
  int error; ///< 0; or -ECONNRESET if the server reset the connection at once: ipc_relay() reports it after the data
  struct ipc_endpoint endpoint;
};

/// Creates a socket and connects it to the first candidate that accepts. The timeout is for all candidates together; a
/// negative one never expires.
int ipc_client_open(const struct ipc_endpoint *candidates, size_t count, int timeout_ms,
                    const struct ipc_observer *_Nullable observer, struct ipc_connection *connection,
                    struct ipc_failure *failure);

/// Sends all of `input` and half-closes at its end; at the same time writes all that the server sends to `output`.
/// Returns 0 at the end of the server's stream, even if input is left. Memory is bounded. A reset is reported after all
/// received data was written. If the server receives no more, sending ends without an error.
int ipc_relay(const struct ipc_connection *connection, int input, int output,
              const struct ipc_observer *_Nullable observer, struct ipc_failure *failure);

IPC_DECLARATIONS_END

#endif
