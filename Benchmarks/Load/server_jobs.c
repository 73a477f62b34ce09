/* The jobs that measure a server. */
#include "load.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

/// Warms up, then measures.
static void measure(const struct options *options, long (*work)(struct client_pool *, double, long)) {
  int port;
  pid_t server = process_serve(options, &port);
  struct client_pool *clients = client_pool_create(options, port);
  if (work == client_pool_echo) {
    client_pool_connect(clients);
    work(clients, 0, options->clients); /* each client is accepted and answered before the measurement */
  }
  if (options->operations == 0)
    work(clients, options->seconds / 4, 0);
  client_pool_reset(clients);
  double time = process_time(server), begun = now();
  long done = options->operations == 0 ? work(clients, options->seconds, 0) : 0;
  while (done < options->operations)
    done += work(clients, 0, options->clients);
  double seconds = now() - begun;
  time = process_time(server) - time;
  report("operations", (double)done);
  report("rate", (double)done / seconds);
  report("cpu", time / (double)done);
  report("memory", process_memory(server));
  client_pool_report(clients);
  client_pool_close(clients);
  if (options->operations > 0)
    process_finish(server);
}

void job_greeting(const struct options *options) { measure(options, client_pool_greet); }

void job_echo(const struct options *options) { measure(options, client_pool_echo); }

/// Stops the server while many clients connect, then resumes it: measures the server at its limit.
void job_stopped(const struct options *options) {
  enum { ROUNDS = 4 }; ///< the first one is a warm-up
  int port;
  double time = 0, seconds = 0;
  pid_t server = process_serve(options, &port);
  struct client_pool *clients = client_pool_create(options, port);
  for (int round = 0; round < ROUNDS; round++) {
    kill(-server, SIGSTOP);
    client_pool_connect(clients);
    double before = process_time(server), begun = now();
    kill(-server, SIGCONT);
    client_pool_drain(clients);
    if (round == 0)
      continue;
    seconds += now() - begun;
    time += process_time(server) - before;
  }
  double done = (ROUNDS - 1.0) * options->clients;
  report("operations", done);
  report("rate", done / seconds);
  report("cpu", time / done);
  report("memory", process_memory(server));
}

/// Measures the memory of an idle client, and that of a client which has sent and received once.
void job_idle(const struct options *options) {
  enum { PATIENCE_MS = 20000 };
  int port;
  struct options one = *options;
  one.clients = 1;
  pid_t server = process_serve(options, &port);
  struct client_pool *first = client_pool_create(&one, port);
  client_pool_connect(first);
  client_pool_echo(first, 0, 1);
  double before = process_memory(server);
  struct client_pool *clients = client_pool_create(options, port);
  client_pool_connect(clients);
  for (int waited = 0; process_descriptors(server) < options->clients; waited++) {
    if (waitpid(server, NULL, WNOHANG) != 0)
      fail("the server ended while clients came");
    if (waited > PATIENCE_MS)
      fail("not all clients are accepted");
    nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
  }
  double idle = process_memory(server);
  client_pool_echo(clients, 0, options->clients);
  double used = process_memory(server);
  report("before", (idle - before) / options->clients);
  report("after", (used - before) / options->clients);
  report("memory", used);
}
