/* Sending messages between two processes over the engine's six transports, and over raw pipes, queues and sockets. */
#ifndef TRANSPORTS_H
#define TRANSPORTS_H

#define _GNU_SOURCE /* included first everywhere */

#include <ipc.h>

enum {
  TRIP = 64,           ///< bytes of a round trip
  CHUNK = 65536,       ///< bytes of a bulk call
  MESSAGE = 100,       ///< bytes of a message, as in ipc-bench
  QUEUED = 8192,       ///< maximum bytes of a raw queue's message
  PATIENCE_MS = 20000, ///< after which an end that receives nothing fails
};

/// One end of a connection.
struct transport {
  enum { LINK, SOCKET, RAW, QUEUE } kind;
  struct ipc_link *link;
  int input, output; ///< equal for a socket
};

/// The descriptors of a raw transport, created before the fork.
struct pair {
  int input, output;
};

bool transport_is_raw(const char *name);

/// Creates both ends of a raw transport: the first measures, the second answers.
void transport_make(const char *name, struct pair ends[2]);

/// Listens, writes the endpoint to the descriptor, and waits for the other end.
void transport_serve(const char *text, int announcement, struct transport *transport);
void transport_connect(const char *text, struct transport *transport);
struct transport transport_adopt(const char *name, struct pair end);

/// Sends or receives all bytes.
void transport_send(struct transport *transport, const void *bytes, size_t length);
void transport_receive(struct transport *transport, void *bytes, size_t length);

void transport_close(struct transport *transport);

_Noreturn void fail(const char *what, int error);

#endif
