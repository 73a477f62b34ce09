/* load JOB [options] -- COMMAND: runs one measurement, and prints a line of JSON. */
#include "load.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { DEADLINE = 60 }; ///< seconds; every job takes far less

static const struct {
  const char *name;
  void (*run)(const struct options *options);
} jobs[] = {{"greeting", job_greeting}, {"echo", job_echo}, {"stopped", job_stopped},
            {"idle", job_idle},         {"bulk", job_bulk}, {"startup", job_startup}};

static void end_by_signal(int signal) {
  process_kill_groups();
  _exit(128 + signal);
}

static void raise_limit(void) {
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

static struct options parse(int argc, char **argv) {
  struct options options = {.clients = 64, .bytes = 64, .seconds = 1, .load_core = 1, .greets = true};
  int option;
  while ((option = getopt(argc, argv, "c:b:n:s:P:L:pe")) != -1)
    switch (option) {
    case 'c':
      options.clients = atoi(optarg);
      break;
    case 'b':
      options.bytes = strtoull(optarg, NULL, 10);
      break;
    case 'n':
      options.operations = atol(optarg);
      break;
    case 's':
      options.seconds = atof(optarg);
      break;
    case 'P':
      options.program_core = atoi(optarg);
      break;
    case 'L':
      options.load_core = atoi(optarg);
      break;
    case 'p':
      options.pipes = true;
      break;
    case 'e':
      options.greets = false;
      break;
    default:
      exit(64);
    }
  options.command = argv + optind;
  if (!*options.command)
    fail("a command is missing");
  return options;
}

int main(int argc, char **argv) {
  if (argc < 3)
    fail("usage: load JOB [options] -- COMMAND");
  struct options options = parse(argc - 1, argv + 1);

  signal(SIGPIPE, SIG_IGN);
  for (const int *each = (const int[]){SIGINT, SIGTERM, SIGHUP, SIGALRM, 0}; *each; each++)
    signal(*each, end_by_signal);
  alarm(DEADLINE);
  prctl(PR_SET_CHILD_SUBREAPER, 1); /* adopts the orphans of a server, to end them */
  raise_limit();
  pin(options.load_core);
  for (size_t i = 0; i < sizeof jobs / sizeof *jobs; i++)
    if (strcmp(argv[1], jobs[i].name) == 0) {
      printf("{");
      jobs[i].run(&options);
      printf("\"time\": %.3f}\n", now());
      process_end_all();
      return 0;
    }
  fail("%s: no such job", argv[1]);
}

void fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputc('\n', stderr);
  process_end_all();
  exit(1);
}

void *allocate(void *old, size_t size) {
  void *memory = realloc(old, size);
  if (!memory)
    fail("out of memory");
  return memory;
}

double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

void report(const char *name, double value) { printf("\"%s\": %.9g, ", name, value); }
