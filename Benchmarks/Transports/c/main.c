/* transports-c TRANSPORT JOB COUNT: measures with two processes, each on its own core, and prints a line of JSON.
 * TRANSPORT is an endpoint, raw-pipe, raw-fifo, raw-queue or raw-socket; JOB is trips (64 bytes in both directions),
 * messages (100 bytes a call, one way) or bulk (64 KiB a call). */
#include "transports.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

_Noreturn void fail(const char *what, int error) {
  fprintf(stderr, "transports-c: %s: %s\n", what, error < 0 ? ipc_error_text(error) : "end");
  _exit(1);
}

static double now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void pin(int core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET((size_t)core, &set);
  sched_setaffinity(0, sizeof set, &set);
}

static int compare(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

static char bytes[CHUNK];

struct job {
  size_t size;
  bool trips; ///< in both directions
  long count;
};

static void answer(struct transport *transport, const struct job *job) {
  transport_send(transport, bytes, 1); /* both ends are running now */
  for (long i = 0; i < job->count; i++) {
    transport_receive(transport, bytes, job->size);
    if (job->trips)
      transport_send(transport, bytes, job->size);
  }
  if (!job->trips)
    transport_send(transport, bytes, 1);
}

/// Measures each trip; sorts the times.
static void measure_trips(struct transport *transport, const struct job *job, double *samples) {
  for (long i = 0; i < job->count; i++) {
    double before = now_ns();
    transport_send(transport, bytes, job->size);
    transport_receive(transport, bytes, job->size);
    samples[i] = now_ns() - before;
  }
  qsort(samples, (size_t)job->count, sizeof *samples, compare);
}

static void measure(struct transport *transport, const char *name, const struct job *job) {
  double *samples = calloc((size_t)job->count, sizeof *samples);
  if (!samples)
    fail("memory", -ENOMEM);
  transport_receive(transport, bytes, 1);
  printf("{\"engine\": \"c\", \"transport\": \"%s\", ", name);
  if (job->trips) {
    measure_trips(transport, job, samples);
    printf("\"p50\": %.0f, \"p99\": %.0f}\n", samples[job->count / 2], samples[job->count * 99 / 100]);
  } else {
    double start = now_ns();
    for (long i = 0; i < job->count; i++)
      transport_send(transport, bytes, job->size);
    transport_receive(transport, bytes, 1);
    printf("\"seconds\": %.6g}\n", (now_ns() - start) / (double)job->count / 1e9);
  }
  free(samples);
}

/// Runs the answering end in its own process.
static _Noreturn void serve(const char *name, struct pair end, int announcement, const struct job *job) {
  struct transport transport;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (transport_is_raw(name))
    transport = transport_adopt(name, end);
  else
    transport_serve(name, announcement, &transport);
  pin(1); /* only now: an end that may run on one core only does not spin */
  answer(&transport, job);
  if (!transport_is_raw(name))
    transport_receive(&transport, bytes, 1); /* the other end has received everything */
  transport_close(&transport);
  _exit(0);
}

int main(int argc, char **argv) {
  struct pair ends[2] = {{-1, -1}, {-1, -1}};
  int announcement[2];
  if (argc != 4)
    fail("usage: transports-c ENDPOINT|raw-pipe|raw-fifo|raw-queue|raw-socket trips|messages|bulk COUNT", -EINVAL);
  const char *name = argv[1];
  bool trips = strcmp(argv[2], "trips") == 0, messages = strcmp(argv[2], "messages") == 0;
  const size_t one_way = messages ? MESSAGE : CHUNK;
  const struct job job = {trips ? TRIP : one_way, trips, atol(argv[3])};
  if (transport_is_raw(name))
    transport_make(name, ends);
  if (pipe(announcement) < 0)
    fail("pipe", -errno);
  pid_t child = fork();
  if (child < 0)
    fail("fork", -errno);
  if (child == 0)
    serve(name, ends[1], announcement[1], &job);
  close(announcement[1]);
  struct transport transport;
  if (transport_is_raw(name))
    transport = transport_adopt(name, ends[0]);
  else {
    char where[IPC_ENDPOINT_TEXT_MAX + 2];
    ssize_t length = ipc_read(announcement[0], where, sizeof where - 1);
    if (length <= 1)
      fail(name, -ECONNREFUSED);
    where[length - 1] = '\0';
    transport_connect(where, &transport);
  }
  pin(0);
  measure(&transport, name, &job);
  if (!transport_is_raw(name))
    transport_send(&transport, bytes, 1);
  transport_close(&transport);
  int status;
  if (waitpid(child, &status, 0) != child || status != 0)
    fail("the other end failed", -EIO);
}
