/* The jobs that measure a server. */
#include "load.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

/// Warm-up, then what counts.
static void measure(const struct options *options, long (*work)(struct clients *, double, long)) {
  int port;
  pid_t server = process_serve(options, &port);
  struct clients *clients = clients_make(options, port);
  if (work == clients_echo) {
    clients_connect(clients);
    work(clients, 0, options->clients); /* each is accepted and answered before anything is measured */
  }
  if (options->operations == 0)
    work(clients, options->seconds / 4, 0);
  clients_reset(clients);
  double time = process_time(server), begun = now();
  long done = options->operations == 0 ? work(clients, options->seconds, 0) : 0;
  while (done < options->operations)
    done += work(clients, 0, options->clients);
  double seconds = now() - begun;
  time = process_time(server) - time;
  tell("operations", (double)done);
  tell("rate", (double)done / seconds);
  tell("cpu", time / (double)done);
  tell("memory", process_memory(server));
  clients_tell(clients);
  clients_close(clients);
  if (options->operations > 0)
    process_finish(server);
}

void job_greeting(const struct options *options) { measure(options, clients_greet); }

void job_echo(const struct options *options) { measure(options, clients_echo); }

/// The server's own limit: it is stopped while so many handshakes queue, then let go.
void job_stopped(const struct options *options) {
  enum { TURNS = 4 }; ///< the first warms up
  int port;
  double time = 0, seconds = 0;
  pid_t server = process_serve(options, &port);
  struct clients *clients = clients_make(options, port);
  for (int turn = 0; turn < TURNS; turn++) {
    kill(-server, SIGSTOP);
    clients_connect(clients);
    double before = process_time(server), begun = now();
    kill(-server, SIGCONT);
    clients_drain(clients);
    if (turn == 0)
      continue;
    seconds += now() - begun;
    time += process_time(server) - before;
  }
  double done = (TURNS - 1.0) * options->clients;
  tell("operations", done);
  tell("rate", done / seconds);
  tell("cpu", time / done);
  tell("memory", process_memory(server));
}

/// What a client that does nothing costs in memory; and what is left of that once each has sent and received.
void job_idle(const struct options *options) {
  enum { PATIENCE_MS = 20000 };
  int port;
  struct options one = *options;
  one.clients = 1;
  pid_t server = process_serve(options, &port);
  struct clients *first = clients_make(&one, port);
  clients_connect(first);
  clients_echo(first, 0, 1);
  double before = process_memory(server);
  struct clients *clients = clients_make(options, port);
  clients_connect(clients);
  for (int waited = 0; process_descriptors(server) < options->clients; waited++) {
    if (waitpid(server, NULL, WNOHANG) != 0)
      fail("the server ended while clients came");
    if (waited > PATIENCE_MS)
      fail("not all clients are accepted");
    nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
  }
  double idle = process_memory(server);
  clients_echo(clients, 0, options->clients);
  double used = process_memory(server);
  tell("before", (idle - before) / options->clients);
  tell("after", (used - before) / options->clients);
  tell("memory", used);
}
