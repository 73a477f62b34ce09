/* A client: connect, or open and relay, which do it all. */
#ifndef IPC_CLIENT_H
#define IPC_CLIENT_H

#include "observer.h"

IPC_DECLARATIONS_BEGIN

/// Default milliseconds for connecting.
#define IPC_CONNECT_TIMEOUT_MS 10000
/// Milliseconds after which ipc_client_open() tries the next candidate, and continues with those before it.
#define IPC_ATTEMPT_DELAY_MS 250

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

/// How to connect.
struct ipc_connect_options {
  int timeout_ms; ///< for all candidates together; a negative one never expires
  bool has_source;
  struct ipc_endpoint
      source; ///< if has_source: the client's own endpoint, with an address; port 0 lets the kernel choose
};

/// Creates a socket and connects it to the first candidate that accepts. The next candidate is tried at once after a
/// failure, and after IPC_ATTEMPT_DELAY_MS without an answer; at most IPC_CANDIDATES_MAX are tried side by side (RFC
/// 8305, section 5). Unix servers whose backlog is full are tried in turn, for IPC_ATTEMPT_DELAY_MS each. The observer
/// receives the failure of each candidate that was tried, and `failure` is the last one. A candidate of another
/// transport or IP version than the source fails with EAFNOSUPPORT.
int ipc_client_open(const struct ipc_endpoint *candidates, size_t count, const struct ipc_connect_options *options,
                    const struct ipc_observer *_Nullable observer, struct ipc_connection *connection,
                    struct ipc_failure *failure);

/// The directions in which a relay copies.
enum IPC_CLOSED_ENUM ipc_relay_direction {
  IPC_RELAY_BOTH,    ///< sends the input, and writes the output
  IPC_RELAY_SEND,    ///< sends all of the input, and discards what it receives
  IPC_RELAY_RECEIVE, ///< writes the output; neither reads the input nor half-closes
};

/// How a relay copies. Zeros are the default.
struct ipc_relay_options {
  enum ipc_relay_direction direction;
  bool keeps_sending; ///< after the server's end, until the end of the input; IPC_RELAY_SEND always does so
  int idle_ms;        ///< without a byte in either direction, then ETIMEDOUT of IPC_STEP_WAIT; 0 is unlimited
};

/// Sends all of `input` and half-closes at its end; at the same time writes all that the server sends to `output`.
/// Returns 0 at the end of the server's stream, even if input is left. Memory is bounded. A reset is reported after all
/// received data was written. If the server receives no more, sending ends without an error. A relay that keeps sending
/// returns 0 at the end of both streams; if the server receives no more before the end of the input, it reports EPIPE
/// or ECONNRESET of IPC_STEP_SEND after all received data was written.
int ipc_relay(const struct ipc_connection *connection, int input, int output, const struct ipc_relay_options *options,
              const struct ipc_observer *_Nullable observer, struct ipc_failure *failure);

IPC_DECLARATIONS_END

#endif
