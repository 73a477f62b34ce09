/* One message, and the ways that it can go from one process to another: six of the engine's, and raw loops beside them.
 */
#ifndef WAYS_H
#define WAYS_H

#define _GNU_SOURCE /* included first everywhere */

#include <ipc.h>

enum {
  TRIP = 64,           ///< bytes of a round trip
  CHUNK = 65536,       ///< bytes of a bulk call
  MESSAGE = 100,       ///< bytes of a message, as ipc-bench's
  QUEUED = 8192,       ///< bytes of a raw queue's message at most
  PATIENCE_MS = 20000, ///< after which an end that hears nothing gives up
};

/// One end of a connection.
struct way {
  enum { LINK, SOCKET, RAW, QUEUE } kind;
  struct ipc_link *link;
  int input, output; ///< the same one for a socket
};

/// A raw way's descriptors, from before there are two processes.
struct pair {
  int input, output;
};

bool way_is_raw(const char *name);

/// Both ends of a raw way: the first asks, the second answers.
void way_make(const char *name, struct pair ends[2]);

/// Listens, tells where on the descriptor, and waits for the other end.
void way_serve(const char *text, int announcement, struct way *way);
void way_connect(const char *text, struct way *way);
struct way way_adopt(const char *name, struct pair end);

/// Sends, or receives, all the bytes.
void way_send(struct way *way, const void *bytes, size_t length);
void way_receive(struct way *way, void *bytes, size_t length);

void way_close(struct way *way);

_Noreturn void fail(const char *what, int error);

#endif
