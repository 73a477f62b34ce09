/* Prints what the shortest call of each function costs, in nanoseconds: `FUNCTION C SWIFT TRAMPOLINE`. The last is the
 * function in C, called through the trampoline. Most of these calls fail at once, so they show what the way costs. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <ipc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum { CALLS = 200, SLOW_NS = 100000, ROUNDS = 25, CONNECT_MS = 10000, RING = 4096, GREATEST_NAME = 80, SECONDS = 120 };

typedef void code(void);
enum way { WAY_C, WAY_SWIFT, WAY_TRAMPOLINE, WAYS };
enum { STOPS = 1 + CALLS * ROUNDS * WAYS }; // a call of ipc_link_serve() reads one

#define FUNCTION(name, group) code c_##name, swift_##name;
#include "../../../.build/swap/generated/functions.h"
#undef FUNCTION

/// What the calls use. A language opens links of its own.
static struct ipc_endpoint tcp, name;
static struct ipc_link *servers[WAYS], *clients[WAYS], *listeners[WAYS];
static struct ipc_ring ring;
static struct ipc_failure failure;
static int null, folder, stop;
static enum way way;
static const struct ipc_listen_options listening = {.backlog = 1};
static const struct ipc_link_sizes sizes = {.ring = RING};
static char buffer[IPC_LINE_MAX];

#define SHORTEST(function, ...)                                                                                        \
  static void run_##function(code *given) {                                                                            \
    __typeof__(function) *call = (__typeof__(function) *)given;                                                        \
    __VA_ARGS__;                                                                                                       \
  }

SHORTEST(ipc_error_text, call(-2))
SHORTEST(ipc_endpoint_parse, call("tcp:127.0.0.1:80", 16, &(struct ipc_endpoint){0}))
SHORTEST(ipc_endpoint_tcp, call("127.0.0.1", 9, "80", 2, &(struct ipc_endpoint){0}))
SHORTEST(ipc_endpoint_format, call(&tcp, buffer, sizeof buffer))
SHORTEST(ipc_endpoint_resolve, call(&tcp, &(struct ipc_endpoint){0}, 1))
SHORTEST(ipc_endpoint_local, call(-1, &(struct ipc_endpoint){0}))
SHORTEST(ipc_endpoint_peer, call(-1, &(struct ipc_endpoint){0}))
SHORTEST(ipc_create, call(&name))
SHORTEST(ipc_receive, call(-1, buffer, sizeof buffer))
SHORTEST(ipc_send, call(-1, buffer, 5, false))
SHORTEST(ipc_read, call(-1, buffer, sizeof buffer))
SHORTEST(ipc_write, call(-1, buffer, 5))
SHORTEST(ipc_open_writer, call(-1))
SHORTEST(ipc_write_some, call(-1, buffer, 5))
SHORTEST(ipc_wait, call(null, IPC_READABLE, -1, 0))
SHORTEST(ipc_half_close, call(-1))
SHORTEST(ipc_close, call(dup(null)))
SHORTEST(ipc_bind, call(-1, &tcp))
SHORTEST(ipc_listen, call(-1, 1))
SHORTEST(ipc_accept, call(-1, NULL))
SHORTEST(ipc_server_open, call(&name, 1, &listening, NULL, &(struct ipc_server){0}, &failure))
SHORTEST(ipc_server_adopt, call(null, &listening, &(struct ipc_server){0}))
SHORTEST(ipc_serve, call(&(struct ipc_server){0}, 0, &(struct ipc_service){.kind = IPC_ECHO},
                         &(struct ipc_serve_options){.stop = -1, .status_request = -1}, NULL, &failure))
SHORTEST(ipc_server_close, call(&(struct ipc_server){.descriptor = dup(null), .endpoint = tcp}))
SHORTEST(ipc_connect, call(-1, &tcp, 0))
SHORTEST(ipc_client_open, call(&name, 1, &(struct ipc_connect_options){0}, NULL, &(struct ipc_connection){0}, &failure))
SHORTEST(ipc_relay, call(&(struct ipc_connection){.descriptor = null, .endpoint = tcp}, null, null,
                         &(struct ipc_relay_options){0}, NULL, &failure))
SHORTEST(ipc_service_step, call(&(struct ipc_service){.kind = IPC_ECHO}, 0, buffer, 5, false, buffer, sizeof buffer,
                                &(struct ipc_service_result){0}))
SHORTEST(ipc_vis, call("hello", 5, buffer, sizeof buffer))
SHORTEST(ipc_message_text, call("hello", 5, buffer, sizeof buffer))
SHORTEST(ipc_ignore_write_signals, call())
SHORTEST(ipc_stop_signals, close(call()))
SHORTEST(ipc_status_signals, close(call()))
SHORTEST(ipc_notify, call("@", 1, "READY=1", 7))
SHORTEST(ipc_link_listen, call(&tcp, &sizes, NULL, &(struct ipc_link *){NULL}, &failure))
SHORTEST(ipc_link_accept, call(listeners[way], -1, 0))
SHORTEST(ipc_link_connect, call(&tcp, IPC_LINK_BUSY_FAIL, 0, NULL, &(struct ipc_link *){NULL}, &failure))
SHORTEST(ipc_link_descriptor, call(clients[way]))
SHORTEST(ipc_link_receive, call(clients[way], buffer, sizeof buffer))
SHORTEST(ipc_link_send, call(clients[way], buffer, 5))
SHORTEST(ipc_link_wait, call(clients[way], IPC_READABLE, -1, 0))
SHORTEST(ipc_link_half_close, call(clients[way]))
SHORTEST(ipc_link_disconnect, call(clients[way]))
SHORTEST(ipc_link_reset, call(clients[way]))
SHORTEST(ipc_link_serve,
         call(listeners[way], &(struct ipc_service){.kind = IPC_ECHO},
              &(struct ipc_serve_options){.stop = stop, .status_request = -1, .drain_ms = 1}, NULL, &failure))
// A folder is readable, and can't be read.
SHORTEST(ipc_link_relay, call(clients[way], folder, null, &(struct ipc_relay_options){0}, NULL, &failure))
SHORTEST(ipc_ring_size, call(RING))
SHORTEST(ipc_ring_prepare, call(ring.memory, ipc_ring_size(RING), RING))
SHORTEST(ipc_ring_open, call(ring.memory, ipc_ring_size(RING), 0, &ring))
SHORTEST(ipc_ring_receive, call(&ring, buffer, sizeof buffer))
SHORTEST(ipc_ring_send, call(&ring, buffer, 5))
SHORTEST(ipc_ring_wait, ring.spins = 0; call(&ring, IPC_READABLE, 0))
SHORTEST(ipc_ring_wake, call(&ring, IPC_READABLE))
SHORTEST(ipc_ring_half_close, call(&ring))
SHORTEST(ipc_ring_close, call(&ring))

static __typeof__(ipc_link_listen) *const listen_to[] = {(__typeof__(ipc_link_listen) *)c_ipc_link_listen,
                                                         (__typeof__(ipc_link_listen) *)swift_ipc_link_listen,
                                                         ipc_link_listen};
static __typeof__(ipc_link_accept) *const accept_at[] = {(__typeof__(ipc_link_accept) *)c_ipc_link_accept,
                                                         (__typeof__(ipc_link_accept) *)swift_ipc_link_accept,
                                                         ipc_link_accept};
static __typeof__(ipc_link_connect) *const connect_to[] = {(__typeof__(ipc_link_connect) *)c_ipc_link_connect,
                                                           (__typeof__(ipc_link_connect) *)swift_ipc_link_connect,
                                                           ipc_link_connect};
static __typeof__(ipc_link_close) *const close_link[] = {
    (__typeof__(ipc_link_close) *)c_ipc_link_close, (__typeof__(ipc_link_close) *)swift_ipc_link_close, ipc_link_close};

static void require(int result, const char *call) {
  if (result >= 0)
    return;
  fprintf(stderr, "cost: %s: %s\n", call, ipc_error_text(result));
  exit(1);
}

/// Names an endpoint that no other process uses.
static void set_name(const char *suffix) {
  char text[GREATEST_NAME];
  int length = snprintf(text, sizeof text, "memory:/diptych-cost-%d-%s-%d", (int)getpid(), suffix, (int)way);
  require(ipc_endpoint_parse(text, (size_t)length, &name), text);
}

// A link is not closed without one, so this call also listens.
SHORTEST(ipc_link_close, struct ipc_link *link; require(listen_to[way](&name, &sizes, NULL, &link, &failure), "listen");
         call(link))

static const struct row {
  const char *name;
  void (*run)(code *);
  code *given[WAYS];
} rows[] = {
#define FUNCTION(name, group) {#name, run_##name, {c_##name, swift_##name, (code *)name}},
#include "../../../.build/swap/generated/functions.h"
#undef FUNCTION
};

static void *accept_one(void *server) {
  require(accept_at[way](server, -1, CONNECT_MS), "accept");
  return NULL;
}

/// Opens the links of a language: one that listens, and one that is connected.
static void open_links(void) {
  pthread_t thread;
  set_name("pair");
  require(listen_to[way](&name, &sizes, NULL, &servers[way], &failure), "listen");
  require(-pthread_create(&thread, NULL, accept_one, servers[way]), "pthread_create");
  require(connect_to[way](&name, IPC_LINK_BUSY_WAIT, CONNECT_MS, NULL, &clients[way], &failure), "connect");
  require(-pthread_join(thread, NULL), "pthread_join");
  set_name("listener");
  require(listen_to[way](&name, &sizes, NULL, &listeners[way], &failure), "listen");
  set_name("closed");
}

/// Removes the names of the links.
static void close_links(void) {
  struct ipc_link *const *links[] = {clients, servers, listeners};
  for (size_t i = 0; i < sizeof links / sizeof *links; i++)
    close_link[way](links[i][way]);
}

static double measure(const struct row *row, int calls) {
  struct timespec start, end;
  clock_gettime(CLOCK_MONOTONIC, &start);
  for (int i = 0; i < calls; i++)
    row->run(row->given[way]);
  clock_gettime(CLOCK_MONOTONIC, &end);
  return (double)((end.tv_sec - start.tv_sec) * 1000000000 + end.tv_nsec - start.tv_nsec) / calls;
}

/// The ways take turns, and the least time of all rounds counts, so that a disturbance affects none of them.
static void print_costs(const struct row *row) {
  double least[WAYS] = {0};
  way = WAY_C;
  int calls = measure(row, 1) < SLOW_NS ? CALLS : 1;
  for (int round = 0; round < ROUNDS; round++)
    for (way = 0; way < WAYS; way++) {
      double time = measure(row, calls);
      if (round == 0 || time < least[way])
        least[way] = time;
    }
  printf("%s %.1f %.1f %.1f\n", row->name, least[WAY_C], least[WAY_SWIFT], least[WAY_TRAMPOLINE]);
  fflush(stdout);
}

int main(void) {
  alarm(SECONDS);
  require(ipc_endpoint_parse("tcp:127.0.0.1:80", 16, &tcp), "the endpoint");
  require(null = open("/dev/null", O_RDWR | O_CLOEXEC), "/dev/null");
  require(folder = open("/", O_RDONLY | O_CLOEXEC), "/");
  require(stop = eventfd(STOPS, EFD_CLOEXEC | EFD_SEMAPHORE), "eventfd");
  size_t size = (size_t)ipc_ring_size(RING), page = (size_t)sysconf(_SC_PAGESIZE);
  ring.memory = aligned_alloc(page, (size + page - 1) / page * page);
  require(ring.memory ? ipc_ring_prepare(ring.memory, size, RING) : -1, "the ring");
  for (way = 0; way < WAYS; way++)
    open_links();
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    print_costs(&rows[i]);
  for (way = 0; way < WAYS; way++)
    close_links();
  return 0;
}
