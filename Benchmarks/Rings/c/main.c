/* rings-c LINK JOB [options]: runs a job over a link in rounds, and prints a line of JSON for each. LINK is ring, pipe
 * or none (for the job floor); JOB is floor, trips, messages or bulk. */
#include "rings.h"

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct options {
  const char *link;
  struct round round;
  int rounds;
  long capacity, spins;
};

_Noreturn void fail(const char *what) {
  fprintf(stderr, "rings-c: %s\n", what);
  _exit(1);
}

double now_ns(void) {
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

static void report(const struct options *options, double nanoseconds) {
  const struct round *round = &options->round;
  printf("{\"engine\": \"%s\", \"job\": \"%s\", \"count\": %ld, ", strcmp(options->link, "ring") ? options->link : "c",
         round->job, round->count);
  if (strcmp(round->job, "floor") == 0 || strcmp(round->job, "trips") == 0) {
    qsort(round->samples, (size_t)round->count, sizeof *round->samples, compare);
    printf("\"p50\": %.0f, \"p99\": %.0f, ", round->samples[round->count / 2], round->samples[round->count * 99 / 100]);
  }
  if (strcmp(round->job, "bulk") == 0)
    printf("\"bytes_per_second\": %.4g, ", (double)round->count * CHUNK / nanoseconds * 1e9);
  printf("\"nanoseconds\": %.1f}\n", nanoseconds / (double)round->count);
  fflush(stdout);
}

static void open_link(const struct options *options, void *memory, size_t size, int pipes[2][2], int side,
                      struct link *link) {
  pin(side);
  *link = (struct link){.words = memory, .input = pipes[1 - side][0], .output = pipes[side][1]};
  link->is_ring = strcmp(options->link, "ring") == 0;
  if (link->is_ring && ipc_ring_open(memory, size, side, &link->ring) < 0)
    fail("open");
  link->ring.spins = (uint32_t)options->spins;
}

/// Runs one round in a new process, so that each round starts with cold caches.
static void run(const struct options *options) {
  size_t size = (size_t)ipc_ring_size((size_t)options->capacity);
  void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  int pipes[2][2];
  if (memory == MAP_FAILED || pipe(pipes[0]) < 0 || pipe(pipes[1]) < 0)
    fail("memory");
  if (strcmp(options->link, "ring") == 0 && ipc_ring_prepare(memory, size, (size_t)options->capacity) < 0)
    fail("capacity");
  struct link link;
  pid_t child = fork();
  if (child < 0)
    fail("fork");
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    open_link(options, memory, size, pipes, 1, &link);
    job_answer(&link, &options->round);
    _exit(0);
  }
  open_link(options, memory, size, pipes, 0, &link);
  report(options, job_measure(&link, &options->round));
  int status;
  if (waitpid(child, &status, 0) != child || status != 0)
    fail("the other side failed");
  munmap(memory, size);
  for (int i = 0; i < 4; i++)
    close(pipes[i / 2][i % 2]);
}

int main(int argc, char **argv) {
  struct options options = {.rounds = 5, .capacity = IPC_RING_DEFAULT, .spins = IPC_RING_SPINS};
  if (argc < 3)
    fail("usage: rings-c ring|pipe|none floor|trips|messages|bulk [-n COUNT] [-r ROUNDS] [-c CAPACITY] [-s SPINS]");
  options.link = argv[1];
  options.round = (struct round){.job = argv[2], .count = 20000};
  int option;
  while ((option = getopt(argc - 2, argv + 2, "n:r:c:s:")) != -1)
    switch (option) {
    case 'n':
      options.round.count = atol(optarg);
      break;
    case 'r':
      options.rounds = atoi(optarg);
      break;
    case 'c':
      options.capacity = atol(optarg);
      break;
    case 's':
      options.spins = atol(optarg);
      break;
    default:
      fail("no such option");
    }
  if (ipc_ring_size((size_t)options.capacity) < 0 || options.round.count < 1)
    fail("a capacity is a power of two, a count is positive");
  options.round.samples = calloc((size_t)options.round.count, sizeof(double));
  if (!options.round.samples)
    fail("memory");
  for (int i = 0; i < options.rounds; i++)
    run(&options);
  free(options.round.samples);
}
