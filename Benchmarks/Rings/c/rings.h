/* Two processes, each on its own core, connected by rings, by two pipes, or by two words of memory. */
#ifndef RINGS_H
#define RINGS_H

#define _GNU_SOURCE /* included first everywhere */

#include <ipc.h>

enum {
  MESSAGE = 100,      ///< bytes, as in ipc-bench
  TRIP = 64,          ///< bytes of a round trip
  CHUNK = 65536,      ///< bytes of a bulk call
  PATIENCE_MS = 20000 ///< after which a side that receives nothing fails
};

/// One side of a connection.
struct link {
  bool is_ring;
  struct ipc_ring ring;
  int input, output; ///< the pipes
  uint32_t *words;   ///< for the job floor: this side's word, and the other side's one page later
};

/// A measurement.
struct round {
  const char *job;
  long count; ///< trips, messages, or bytes
  double *samples;
};

/// Sends or receives all bytes.
void link_send(struct link *link, const void *bytes, size_t length);
void link_receive(struct link *link, void *bytes, size_t length);

/// Runs one side of a job; job_measure() returns the nanoseconds of the whole job.
void job_answer(struct link *link, const struct round *round);
double job_measure(struct link *link, const struct round *round);

double now_ns(void);
_Noreturn void fail(const char *what);

#endif
