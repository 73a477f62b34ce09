/* One measurement: costs-c c|swift JOB COUNT, and the same of costs-swift. */
#define _GNU_SOURCE
#include "callers.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WARM_UP = 10 }; ///< before it is measured, a job runs for this part of its count

static double now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

_Noreturn void fail(const char *text, const char *what) {
  fprintf(stderr, "costs: %s: %s\n", text, what);
  exit(1);
}

int costs_main(int count, char **arguments, int64_t (*swift)(const char *job, long count)) {
  if (count != 4)
    fail("usage", "costs-c|costs-swift c|swift JOB COUNT");
  const char *caller = arguments[1], *name = arguments[2];
  job *run = find_job(name);
  if (!run)
    fail("no such job", name);
  if (strcmp(caller, "c") != 0 && strcmp(caller, "swift") != 0)
    fail("the caller is c or swift, not", caller);
  char *end;
  errno = 0;
  long times = strtol(arguments[3], &end, 10);
  if (*end || errno || times < WARM_UP)
    fail("the count is a number of at least 10, not", arguments[3]);
  double start = 0;
  int64_t sum = 0;
  for (int part = WARM_UP; part > 0; part -= WARM_UP - 1) {
    start = now_ns();
    sum = strcmp(caller, "c") == 0 ? run(times / part) : swift(name, times / part);
  }
  printf("{\"nanoseconds\": %f, \"sum\": %lld}\n", (now_ns() - start) / (double)times, (long long)sum);
  return 0;
}
