/* The jobs that measure a client: this process is the server, and reads the client's output. */
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
  PERIOD = 65521, ///< a prime, so that a misplaced block of any usual size is detected
  BLOCK = 262144,
};

static int listen_anywhere(int *port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(listener, (struct sockaddr *)&address, length) < 0 || listen(listener, 16) < 0 ||
      getsockname(listener, (struct sockaddr *)&address, &length) < 0)
    fail("listen: %s", strerror(errno));
  *port = ntohs(address.sin_port);
  return listener;
}

/// Sends this many bytes to each client.
static void serve(int listener, const unsigned char *bytes, size_t block, size_t total) {
  if (fork() != 0)
    return;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (int client; (client = accept(listener, NULL, NULL)) >= 0; close(client))
    for (size_t sent = 0; sent < total;) {
      size_t rest = total - sent;
      ssize_t count = send(client, bytes + sent % PERIOD, rest < block ? rest : block, MSG_NOSIGNAL);
      if (count < 0)
        break;
      sent += (size_t)count;
    }
  _exit(1);
}

/// Reads to the end, and checks that everything arrived.
static void drain(int input, const unsigned char *expected, size_t total) {
  static unsigned char buffer[BLOCK];
  size_t received = 0;
  ssize_t count;
  while ((count = read(input, buffer, sizeof buffer)) > 0) {
    if (memcmp(buffer, expected + received % PERIOD, (size_t)count) != 0)
      fail("the client's output is wrong within %d bytes of %zu", BLOCK, received);
    received += (size_t)count;
  }
  if (received != total)
    fail("the client's output ends after %zu bytes", received);
}

static struct rusage wait_for(pid_t process) {
  struct rusage usage;
  int status;
  if (wait4(process, &status, 0, &usage) < 0)
    fail("wait4: %s", strerror(errno));
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    fail("the client failed: status %d", status);
  return usage;
}

static double seconds(struct timeval time) { return (double)time.tv_sec + (double)time.tv_usec / 1e6; }

static struct rusage run_client(const struct options *options, int port, const unsigned char *expected, size_t total) {
  int ends[2] = {-1, open("/dev/null", O_WRONLY | O_CLOEXEC)};
  if (options->pipes && pipe2(ends, O_CLOEXEC) < 0)
    fail("pipe: %s", strerror(errno));
  pid_t client = process_start(options, port, ends[1]);
  close(ends[1]);
  if (options->pipes) {
    drain(ends[0], expected, total);
    close(ends[0]);
  }
  return wait_for(client);
}

void job_bulk(const struct options *options) {
  int port, listener = listen_anywhere(&port);
  static unsigned char pattern[PERIOD + BLOCK];
  for (size_t i = 0; i < PERIOD + BLOCK; i++)
    pattern[i] = (unsigned char)(i % PERIOD * 31 >> 3);
  serve(listener, pattern, BLOCK, options->bytes);
  double begun = now();
  struct rusage usage = run_client(options, port, pattern, options->bytes);
  report("rate", (double)options->bytes / (now() - begun));
  double cpu = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  report("cpu", cpu / (double)options->bytes);
  report("speed", (double)options->bytes / cpu);
  report("memory", (double)usage.ru_maxrss * 1024);
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/// Measures whole client processes, each of which receives one greeting.
void job_startup(const struct options *options) {
  enum { MOST = 1000 };
  double wall[MOST], cpu[MOST], memory = 0;
  size_t count = options->operations > 0 && options->operations < MOST ? (size_t)options->operations : 50;
  int port, listener = listen_anywhere(&port);
  serve(listener, (const unsigned char *)GREETING, strlen(GREETING), strlen(GREETING));
  for (size_t i = 0; i < count; i++) {
    double begun = now();
    struct rusage usage = run_client(options, port, (const unsigned char *)GREETING, strlen(GREETING));
    wall[i] = now() - begun;
    cpu[i] = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    memory = (double)usage.ru_maxrss * 1024;
  }
  qsort(wall, count, sizeof *wall, ascending);
  qsort(cpu, count, sizeof *cpu, ascending);
  report("operations", (double)count);
  report("wall", wall[count / 2]);
  report("cpu", cpu[count / 2]);
  report("memory", memory);
  report("p50", wall[count / 2]);
  report("p99", wall[count * 99 / 100]);
}
