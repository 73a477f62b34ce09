/* The jobs of both sides. */
#include "rings.h"

#include <stdatomic.h>
#include <string.h>

static void trips_answer(struct link *link, long count) {
  char bytes[TRIP];
  for (long i = 0; i < count; i++) {
    link_receive(link, bytes, sizeof bytes);
    link_send(link, bytes, sizeof bytes);
  }
}

static void trips_measure(struct link *link, const struct round *round) {
  char bytes[TRIP] = {0};
  for (long i = 0; i < round->count; i++) {
    double start = now_ns();
    link_send(link, bytes, sizeof bytes);
    link_receive(link, bytes, sizeof bytes);
    round->samples[i] = now_ns() - start;
  }
}

static _Atomic uint32_t *word(struct link *link, int which) {
  return (_Atomic uint32_t *)(link->words + which * (4096 / sizeof(uint32_t)));
}

/// Waits until both sides are running.
static void meet(struct link *link, const char *job, bool answers) {
  char byte = 0;
  if (strcmp(job, "floor") != 0)
    (answers ? link_send(link, &byte, 1) : link_receive(link, &byte, 1));
  else if (answers)
    atomic_store_explicit(word(link, 1), UINT32_MAX, memory_order_release);
  else
    while (atomic_load_explicit(word(link, 1), memory_order_acquire) != UINT32_MAX)
      ;
}

static void floor_answer(struct link *link, long count) {
  for (uint32_t i = 1; i <= count; i++) {
    while (atomic_load_explicit(word(link, 0), memory_order_acquire) != i)
      ;
    atomic_store_explicit(word(link, 1), i, memory_order_release);
  }
}

static void floor_measure(struct link *link, const struct round *round) {
  for (uint32_t i = 1; i <= round->count; i++) {
    double start = now_ns();
    atomic_store_explicit(word(link, 0), i, memory_order_release);
    while (atomic_load_explicit(word(link, 1), memory_order_acquire) != i)
      ;
    round->samples[i - 1] = now_ns() - start;
  }
}

/// Receives `count` times `size` bytes, then sends one byte back.
static void stream_answer(struct link *link, long count, size_t size) {
  static char bytes[CHUNK];
  for (long i = 0; i < count; i++)
    link_receive(link, bytes, size);
  link_send(link, bytes, 1);
}

static void stream_measure(struct link *link, long count, size_t size) {
  static char bytes[CHUNK];
  for (long i = 0; i < count; i++)
    link_send(link, bytes, size);
  link_receive(link, bytes, 1);
}

void job_answer(struct link *link, const struct round *round) {
  meet(link, round->job, true);
  if (strcmp(round->job, "floor") == 0)
    floor_answer(link, round->count);
  else if (strcmp(round->job, "trips") == 0)
    trips_answer(link, round->count);
  else
    stream_answer(link, round->count, strcmp(round->job, "bulk") == 0 ? CHUNK : MESSAGE);
}

double job_measure(struct link *link, const struct round *round) {
  meet(link, round->job, false);
  double start = now_ns();
  if (strcmp(round->job, "floor") == 0)
    floor_measure(link, round);
  else if (strcmp(round->job, "trips") == 0)
    trips_measure(link, round);
  else
    stream_measure(link, round->count, strcmp(round->job, "bulk") == 0 ? CHUNK : MESSAGE);
  return now_ns() - start;
}
