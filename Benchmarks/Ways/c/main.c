/* ways-c WAY JOB COUNT: two processes, a core each; a line of JSON. WAY is an endpoint, raw-pipe, raw-fifo,
 * raw-queue or raw-socket; JOB is trips (64 bytes there and back), messages (100 bytes a call, one way) or bulk (64 KiB
 * a call). */
#include "ways.h"

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
  fprintf(stderr, "ways-c: %s: %s\n", what, error < 0 ? ipc_error_text(error) : "end");
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
  bool trips; ///< and back
  long count;
};

static void answer(struct way *way, const struct job *job) {
  way_send(way, bytes, 1); /* both are there, and run */
  for (long i = 0; i < job->count; i++) {
    way_receive(way, bytes, job->size);
    if (job->trips)
      way_send(way, bytes, job->size);
  }
  if (!job->trips)
    way_send(way, bytes, 1);
}

/// How long each trip took, shortest first.
static void go(struct way *way, const struct job *job, double *samples) {
  for (long i = 0; i < job->count; i++) {
    double before = now_ns();
    way_send(way, bytes, job->size);
    way_receive(way, bytes, job->size);
    samples[i] = now_ns() - before;
  }
  qsort(samples, (size_t)job->count, sizeof *samples, compare);
}

static void measure(struct way *way, const char *name, const struct job *job) {
  double *samples = calloc((size_t)job->count, sizeof *samples);
  if (!samples)
    fail("memory", -ENOMEM);
  way_receive(way, bytes, 1);
  printf("{\"engine\": \"c\", \"way\": \"%s\", ", name);
  if (job->trips) {
    go(way, job, samples);
    printf("\"p50\": %.0f, \"p99\": %.0f}\n", samples[job->count / 2], samples[job->count * 99 / 100]);
  } else {
    double start = now_ns();
    for (long i = 0; i < job->count; i++)
      way_send(way, bytes, job->size);
    way_receive(way, bytes, 1);
    printf("\"seconds\": %.6g}\n", (now_ns() - start) / (double)job->count / 1e9);
  }
  free(samples);
}

/// The end that answers; a process of its own.
static _Noreturn void serve(const char *name, struct pair end, int announcement, const struct job *job) {
  struct way way;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (way_is_raw(name))
    way = way_adopt(name, end);
  else
    way_serve(name, announcement, &way);
  pin(1); /* not before: who may run on one core only does not spin */
  answer(&way, job);
  if (!way_is_raw(name))
    way_receive(&way, bytes, 1); /* what it sent is taken before it ends */
  way_close(&way);
  _exit(0);
}

int main(int argc, char **argv) {
  struct pair ends[2] = {{-1, -1}, {-1, -1}};
  int announcement[2];
  if (argc != 4)
    fail("usage: ways-c ENDPOINT|raw-pipe|raw-fifo|raw-queue|raw-socket trips|messages|bulk COUNT", -EINVAL);
  const char *name = argv[1];
  bool trips = strcmp(argv[2], "trips") == 0, messages = strcmp(argv[2], "messages") == 0;
  const struct job job = {trips ? TRIP : messages ? MESSAGE : CHUNK, trips, atol(argv[3])};
  if (way_is_raw(name))
    way_make(name, ends);
  if (pipe(announcement) < 0)
    fail("pipe", -errno);
  pid_t child = fork();
  if (child < 0)
    fail("fork", -errno);
  if (child == 0)
    serve(name, ends[1], announcement[1], &job);
  close(announcement[1]);
  struct way way;
  if (way_is_raw(name))
    way = way_adopt(name, ends[0]);
  else {
    char where[IPC_ENDPOINT_TEXT_MAX + 2];
    ssize_t length = ipc_read(announcement[0], where, sizeof where - 1);
    if (length <= 1)
      fail(name, -ECONNREFUSED);
    where[length - 1] = '\0';
    way_connect(where, &way);
  }
  pin(0);
  measure(&way, name, &job);
  if (!way_is_raw(name))
    way_send(&way, bytes, 1);
  way_close(&way);
  int status;
  if (waitpid(child, &status, 0) != child || status != 0)
    fail("the other end failed", -EIO);
}
