/* Many clients in one thread. Every received byte is checked. */
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
  EVENTS = 256,
  SILENCE_MS = 5000, ///< without an answer, after which the server has failed
  PERIOD = 251,      ///< of the echoed pattern; each echo starts at another offset, so that an old byte is detected
  ADDRESSES = 200,   ///< from 127.0.1.1 on, so that ports never run out
};

struct client {
  int socket;
  size_t sent, received;
  unsigned phase; ///< the offset in the pattern
  bool writes;    ///< epoll reports when it can send
  double begun;
};

struct client_pool {
  const struct options *options;
  int port, epoll;
  struct client *all;
  unsigned char *pattern, *buffer;
  unsigned connections;
  bool stays; ///< clients that have finished start again
  long done;
  float *times;
  size_t times_count, times_capacity;
};

struct client_pool *client_pool_create(const struct options *options, int port) {
  struct client_pool *clients = allocate(NULL, sizeof *clients);
  *clients = (struct client_pool){.options = options, .port = port, .epoll = epoll_create1(EPOLL_CLOEXEC)};
  clients->all = allocate(NULL, (size_t)options->clients * sizeof *clients->all);
  clients->buffer = allocate(NULL, options->bytes + sizeof GREETING);
  clients->pattern = allocate(NULL, options->bytes + PERIOD);
  for (size_t i = 0; i < options->bytes + PERIOD; i++)
    clients->pattern[i] = (unsigned char)(i % PERIOD);
  for (int i = 0; i < options->clients; i++)
    clients->all[i] = (struct client){.socket = -1, .phase = (unsigned)i % PERIOD};
  return clients;
}

static void watch(struct client_pool *clients, struct client *client, int operation, bool writes) {
  struct epoll_event event = {.events = EPOLLIN | (writes ? EPOLLOUT : 0), .data.ptr = client};
  client->writes = writes;
  if (epoll_ctl(clients->epoll, operation, client->socket, &event) < 0)
    fail("epoll_ctl: %s", strerror(errno));
}

/// Starts to connect, from the next address.
static void begin(struct client_pool *clients, struct client *client) {
  const int on = 1;
  struct sockaddr_in own = {.sin_family = AF_INET,
                            .sin_addr.s_addr = htonl(0x7F000101 + clients->connections++ % ADDRESSES)};
  struct sockaddr_in server = {
      .sin_family = AF_INET, .sin_port = htons((uint16_t)clients->port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  client->begun = now();
  client->sent = client->received = 0;
  client->socket = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (client->socket < 0)
    fail("socket: %s", strerror(errno));
  setsockopt(client->socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  setsockopt(client->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (bind(client->socket, (struct sockaddr *)&own, sizeof own) < 0 ||
      (connect(client->socket, (struct sockaddr *)&server, sizeof server) < 0 && errno != EINPROGRESS))
    fail("connect: %s", strerror(errno));
  watch(clients, client, EPOLL_CTL_ADD, false);
}

static void take_time(struct client_pool *clients, const struct client *client) {
  if (clients->times_count == clients->times_capacity) {
    clients->times_capacity = clients->times_capacity * 2 + 4096;
    clients->times = allocate(clients->times, clients->times_capacity * sizeof *clients->times);
  }
  clients->times[clients->times_count++] = (float)(now() - client->begun);
  clients->done++;
}

/// Receives to the end of the stream.
static void step_greeting(struct client_pool *clients, struct client *client) {
  const size_t expected = clients->options->greets ? strlen(GREETING) : 0;
  ssize_t count;
  while ((count = recv(client->socket, clients->buffer, sizeof GREETING, 0)) > 0) {
    if (client->received + (size_t)count > expected ||
        memcmp(clients->buffer, GREETING + client->received, (size_t)count) != 0)
      fail("the greeting is wrong");
    client->received += (size_t)count;
  }
  if (count < 0 && errno == EAGAIN)
    return;
  if (count < 0)
    fail("a client: %s", strerror(errno));
  if (client->received != expected)
    fail("the greeting ends after %zu bytes", client->received);
  close(client->socket);
  client->socket = -1;
  take_time(clients, client);
  if (clients->stays)
    begin(clients, client);
}

static void send_echo(struct client_pool *clients, struct client *client) {
  size_t size = clients->options->bytes;
  while (client->sent < size) {
    ssize_t count =
        send(client->socket, clients->pattern + client->phase + client->sent, size - client->sent, MSG_NOSIGNAL);
    if (count < 0 && errno != EAGAIN)
      fail("a client: %s", strerror(errno));
    if (count < 0)
      break;
    client->sent += (size_t)count;
  }
  if (client->writes != (client->sent < size))
    watch(clients, client, EPOLL_CTL_MOD, client->sent < size);
}

static void begin_echo(struct client_pool *clients, struct client *client) {
  client->begun = now();
  client->phase = (client->phase + 1) % PERIOD;
  client->sent = client->received = 0;
  send_echo(clients, client);
}

static void step_echo(struct client_pool *clients, struct client *client) {
  size_t size = clients->options->bytes;
  ssize_t count = recv(client->socket, clients->buffer, size, 0);
  if (count == 0)
    fail("the server ended an echo");
  if (count < 0 && errno != EAGAIN)
    fail("a client: %s", strerror(errno));
  if (count > 0) {
    if (client->received + (size_t)count > client->sent ||
        memcmp(clients->buffer, clients->pattern + client->phase + client->received, (size_t)count) != 0)
      fail("an echo is wrong");
    client->received += (size_t)count;
  }
  if (client->sent < size)
    send_echo(clients, client);
  if (client->received < size)
    return;
  take_time(clients, client);
  if (clients->stays)
    begin_echo(clients, client);
}

/// Runs the clients until the time is over, or until this many operations are done.
static long run(struct client_pool *clients, void (*step)(struct client_pool *, struct client *), double seconds,
                long operations) {
  struct epoll_event events[EVENTS];
  double end = now() + seconds;
  clients->done = 0;
  while (operations > 0 ? clients->done < operations : now() < end) {
    int count = epoll_wait(clients->epoll, events, EVENTS, SILENCE_MS);
    if (count == 0)
      fail("no answer within %d ms, after %ld", SILENCE_MS, clients->done);
    for (int i = 0; i < count; i++)
      step(clients, events[i].data.ptr);
  }
  return clients->done;
}

long client_pool_greet(struct client_pool *clients, double seconds, long operations) {
  clients->stays = true;
  for (int i = 0; i < clients->options->clients; i++)
    if (clients->all[i].socket < 0)
      begin(clients, &clients->all[i]);
  return run(clients, step_greeting, seconds, operations);
}

long client_pool_echo(struct client_pool *clients, double seconds, long operations) {
  clients->stays = operations == 0;
  for (int i = 0; i < clients->options->clients; i++)
    if (clients->all[i].sent == clients->all[i].received)
      begin_echo(clients, &clients->all[i]);
  return run(clients, step_echo, seconds, operations);
}

void client_pool_connect(struct client_pool *clients) {
  for (int i = 0; i < clients->options->clients; i++) {
    begin(clients, &clients->all[i]);
    struct pollfd connected = {.fd = clients->all[i].socket, .events = POLLOUT};
    if (poll(&connected, 1, SILENCE_MS) <= 0)
      fail("only %d of %d handshakes are done: the backlog is full", i, clients->options->clients);
  }
}

void client_pool_drain(struct client_pool *clients) {
  clients->stays = false;
  run(clients, step_greeting, 0, clients->options->clients);
}

void client_pool_close(struct client_pool *clients) {
  for (int i = 0; i < clients->options->clients; i++)
    if (clients->all[i].socket >= 0)
      close(clients->all[i].socket);
}

void client_pool_reset(struct client_pool *clients) { clients->times_count = 0; }

static int ascending(const void *a, const void *b) {
  float x = *(const float *)a, y = *(const float *)b;
  return (x > y) - (x < y);
}

void client_pool_report(struct client_pool *clients) {
  size_t count = clients->times_count;
  qsort(clients->times, count, sizeof *clients->times, ascending);
  static const struct {
    const char *name;
    double part;
  } quantiles[] = {{"p50", 0.5}, {"p99", 0.99}, {"p99.9", 0.999}};
  for (size_t i = 0; i < 3 && count > 0; i++)
    report(quantiles[i].name, clients->times[(size_t)(quantiles[i].part * (double)(count - 1))]);
}
