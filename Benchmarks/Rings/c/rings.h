/* Two processes, a core each, and what lies between them: rings, a pipe each way, or two words. */
#ifndef RINGS_H
#define RINGS_H

#define _GNU_SOURCE /* included first everywhere */

#include <ipc.h>

enum {
  MESSAGE = 100,      ///< bytes, as in goldsborough's ipc-bench
  TRIP = 64,          ///< bytes of a round trip
  CHUNK = 65536,      ///< bytes of a bulk call
  PATIENCE_MS = 20000 ///< after which a side that hears nothing gives up
};

/// One side of a connection.
struct link {
  bool is_ring;
  struct ipc_ring ring;
  int input, output; ///< of pipes
  uint32_t *words;   ///< of the floor: one's own, and the other's a page further
};

/// What is measured.
struct round {
  const char *job;
  long count; ///< trips, messages, or bytes
  double *samples;
};

/// Sends, or receives, all the bytes.
void link_send(struct link *link, const void *bytes, size_t length);
void link_receive(struct link *link, void *bytes, size_t length);

/// Both sides of a job; `measure` returns nanoseconds for the whole.
void job_answer(struct link *link, const struct round *round);
double job_measure(struct link *link, const struct round *round);

double now_ns(void);
_Noreturn void fail(const char *what);

#endif
