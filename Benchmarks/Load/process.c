/* The measured program and its children: start, processor time, memory, end. */
#include "load.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static pid_t groups[8]; ///< of started programs; a job starts at most two
static volatile int started;

enum { START_MS = 20000, END_MS = 20000 }; ///< valgrind is slow

static void wait_a_little(void) { nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL); }

void pin(int core) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(core, &cores);
  if (sched_setaffinity(0, sizeof cores, &cores) < 0)
    fail("core %d: %s", core, strerror(errno));
}

/// Replaces %p by the port. The text is not freed, because it is passed to exec.
static char *with_port(const char *text, int port) {
  char *result = allocate(NULL, strlen(text) + 16), *end = result;
  for (; *text; text++)
    if (text[0] == '%' && text[1] == 'p') {
      end += sprintf(end, "%d", port);
      text++;
    } else
      *end++ = *text;
  *end = '\0';
  return result;
}

pid_t process_start(const struct options *options, int port, int output) {
  fflush(stdout);
  pid_t process = fork();
  if (process < 0)
    fail("fork: %s", strerror(errno));
  if (process > 0) {
    setpgid(process, process);
    groups[started++ % 8] = process;
    return process;
  }
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  signal(SIGPIPE, SIG_DFL);
  dup2(open("/dev/null", O_RDONLY), 0);
  dup2(output, 1);
  pin(options->program_core);
  for (char **argument = options->command; *argument; argument++)
    *argument = with_port(*argument, port);
  execvp(options->command[0], options->command);
  fprintf(stderr, "%s: %s\n", options->command[0], strerror(errno));
  _exit(127);
}

/// Whether a server listens at the port. Connecting would count as a client.
static bool listens(int port) {
  FILE *table = fopen("/proc/net/tcp", "r");
  char line[256];
  unsigned local, state;
  bool found = false;
  while (!found && fgets(line, sizeof line, table))
    found = sscanf(line, " %*d: %*x:%x %*x:%*x %x", &local, &state) == 2 && (int)local == port && state == 0x0A;
  fclose(table);
  return found;
}

static int free_port(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(probe, (struct sockaddr *)&address, length) < 0 ||
      getsockname(probe, (struct sockaddr *)&address, &length) < 0)
    fail("no free port: %s", strerror(errno));
  close(probe);
  return ntohs(address.sin_port);
}

pid_t process_serve(const struct options *options, int *port) {
  *port = free_port();
  pid_t process = process_start(options, *port, open("/dev/null", O_WRONLY));
  for (int waited = 0; !listens(*port); waited++) {
    if (waitpid(process, NULL, WNOHANG) != 0)
      fail("%s ended before it listened", options->command[0]);
    if (waited > START_MS)
      fail("%s does not listen", options->command[0]);
    wait_a_little();
  }
  return process;
}

/// Sums a figure over all processes of the group and all children of this process.
static double sum(pid_t of_group, pid_t of_parent, double (*of)(pid_t)) {
  DIR *folder = opendir("/proc");
  double total = 0;
  if (!folder)
    fail("/proc: %s", strerror(errno));
  for (struct dirent *entry; (entry = readdir(folder));) {
    char path[64];
    int parent, group;
    snprintf(path, sizeof path, "/proc/%.20s/stat", entry->d_name);
    FILE *file = entry->d_name[0] > '0' && entry->d_name[0] <= '9' ? fopen(path, "r") : NULL;
    if (!file)
      continue;
    if (fscanf(file, "%*d (%*[^)]) %*c %d %d", &parent, &group) == 2 && (group == of_group || parent == of_parent))
      total += of(atoi(entry->d_name));
    fclose(file);
  }
  closedir(folder);
  return total;
}

/// The clock has nanoseconds of all threads, including ended ones. For ended children, /proc has ticks.
static double time_of(pid_t process) {
  clockid_t clock;
  struct timespec time = {0};
  char path[64];
  long user = 0, system = 0;
  if (clock_getcpuclockid(process, &clock) == 0)
    clock_gettime(clock, &time);
  snprintf(path, sizeof path, "/proc/%d/stat", process);
  FILE *file = fopen(path, "r");
  if (file) {
    if (fscanf(file, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %ld %ld", &user, &system) < 2)
      user = system = 0;
    fclose(file);
  }
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9 + (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

static double memory_of(pid_t process) {
  char path[64];
  long pages = 0;
  snprintf(path, sizeof path, "/proc/%d/statm", process);
  FILE *file = fopen(path, "r");
  if (file) {
    if (fscanf(file, "%*d %ld", &pages) < 1)
      pages = 0;
    fclose(file);
  }
  return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

double process_time(pid_t process) { return sum(process, process, time_of); }

double process_memory(pid_t process) { return sum(process, process, memory_of); }

int process_descriptors(pid_t process) {
  char path[64];
  int count = 0;
  snprintf(path, sizeof path, "/proc/%d/fd", process);
  DIR *folder = opendir(path);
  if (!folder)
    fail("%s: %s", path, strerror(errno));
  while (readdir(folder))
    count++;
  closedir(folder);
  return count;
}

void process_kill_groups(void) {
  for (int i = 0; i < 8 && i < started; i++)
    kill(-groups[i], SIGKILL);
}

void process_finish(pid_t process) {
  kill(-process, SIGTERM);
  for (int waited = 0; waitpid(process, NULL, WNOHANG) == 0; waited++) {
    if (waited > END_MS)
      fail("the program does not end");
    wait_a_little();
  }
}

static double kill_one(pid_t process) {
  kill(process, SIGKILL);
  return 1;
}

void process_end_all(void) {
  process_kill_groups();
  /* A process that left its group becomes our child when its parent dies: repeat until none is left. */
  while (sum(-1, getpid(), kill_one) > 0)
    while (waitpid(-1, NULL, 0) > 0)
      ;
}
