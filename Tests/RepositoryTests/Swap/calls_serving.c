/* Servers and clients with one call each: open, adopt, serve, relay, close; with events and failures. */
#include "calls.h"

#include <fcntl.h>
#include <netinet/in.h>

static const struct ipc_listen_options listening = {.backlog = 5, .keepalive_s = 60};

static const struct ipc_serve_options once = {.stop = -1, .status_request = -1, .output = STDOUT_FILENO};

/// What a server's thread needs, and what it printed.
struct serving {
  struct ipc_server servers[2];
  size_t count;
  struct ipc_service service;
  struct ipc_serve_options options;
  char *text;
  size_t size;
};

static void *serve(void *context) {
  struct serving *serving = context;
  FILE *out = open_memstream(&serving->text, &serving->size);
  struct ipc_observer observed = observer(out);
  struct ipc_failure failure;
  int result = ipc_serve(serving->servers, serving->count, &serving->service, &serving->options, &observed, &failure);
  show_failure(out, "ipc_serve", result, &failure);
  fclose(out);
  return NULL;
}

/// Connects, relays some input, and prints what the server sent.
static void relay(FILE *out, const struct ipc_endpoint *where, const char *input,
                  const struct ipc_relay_options *options) {
  struct ipc_connect_options connecting = {.timeout_ms = 5000};
  struct ipc_connection connection;
  struct ipc_failure failure;
  struct ipc_observer observed = observer(out);
  int in[2], output[2];
  char *text, received[256] = {0};
  size_t size;
  require(pipe2(in, O_CLOEXEC) == 0 && pipe2(output, O_CLOEXEC) == 0, "pipe2");
  require(write(in[1], input, strlen(input)) == (ssize_t)strlen(input), "write");
  close(in[1]);
  int result = ipc_client_open(where, 1, &connecting, &observed, &connection, &failure);
  show_failure(out, "ipc_client_open", result, &failure);
  require(result == 0, "ipc_client_open");
  show_endpoint(out, "  connected", &connection.endpoint);
  FILE *events = open_memstream(&text, &size);
  observed = observer(events);
  result = ipc_relay(&connection, in[0], output[1], options, &observed, &failure);
  fclose(events);
  show_failure(out, "ipc_relay", result, &failure);
  show_sorted(out, text);
  show(out, "ipc_close", ipc_close(connection.descriptor)); /* borrowed: it is still open */
  close(output[1]);
  show(out, "read", read(output[0], received, sizeof received - 1));
  fprintf(out, "  %s\n", received);
  close(output[0]);
  close(in[0]);
}

static void call_service(FILE *out, struct ipc_endpoint where, struct ipc_service service, const char *input) {
  struct serving serving = {.count = 1, .service = service, .options = once};
  struct ipc_observer observed = observer(out);
  struct ipc_failure failure;
  struct ipc_relay_options copying = {.idle_ms = 5000};
  pthread_t thread;
  int result = ipc_server_open(&where, 1, &listening, &observed, &serving.servers[0], &failure);
  show_failure(out, "ipc_server_open", result, &failure);
  show_endpoint(out, "  listens", &serving.servers[0].endpoint);
  fprintf(out, "  %d, %d, %d, %d\n", serving.servers[0].backlog, serving.servers[0].keepalive_s,
          serving.servers[0].lent, serving.servers[0].has_file);
  require(pthread_create(&thread, NULL, serve, &serving) == 0, "pthread_create");
  relay(out, &serving.servers[0].endpoint, input, &copying);
  require(pthread_join(thread, NULL) == 0, "pthread_join");
  fputs(serving.text, out);
  free(serving.text);
  show(out, "ipc_server_close", ipc_server_close(&serving.servers[0]));
  fprintf(out, "  %d, %d\n", serving.servers[0].descriptor, serving.servers[0].has_file);
  show(out, "ipc_server_close", ipc_server_close(&serving.servers[0]));
}

/// A server of all clients with two listeners and two workers, which a request asks for its counters and a request
/// stops.
static void call_workers(FILE *out) {
  struct serving serving = {.count = 2, .service = {.kind = IPC_DISCARD}, .options = once};
  struct ipc_failure failure;
  struct ipc_relay_options sending = {.direction = IPC_RELAY_SEND};
  pthread_t thread;
  int stop[2], request[2];
  require(pipe2(stop, O_CLOEXEC) == 0 && pipe2(request, O_CLOEXEC) == 0, "pipe2");
  serving.options.keep_open = true;
  serving.options.workers = 2;
  serving.options.stop = stop[0];
  serving.options.status_request = request[0];
  serving.options.limits = (struct ipc_client_limits){.clients = 4, .idle_ms = 5000, .time_ms = 5000, .bytes = 1000};
  struct ipc_endpoint wheres[] = {in_folder("unix:", "workers"), endpoint("tcp:127.0.0.1:0")};
  for (int i = 0; i < 2; i++)
    show(out, "ipc_server_open", ipc_server_open(&wheres[i], 1, &listening, NULL, &serving.servers[i], &failure));
  forget_closed();
  require(pthread_create(&thread, NULL, serve, &serving) == 0, "pthread_create");
  relay(out, &serving.servers[1].endpoint, "hello", &sending);
  await_closed();
  require(write(stop[1], "", 1) == 1, "write");
  require(pthread_join(thread, NULL) == 0, "pthread_join");
  fputs(serving.text, out);
  free(serving.text);
  for (int i = 0; i < 2; i++) {
    show(out, "ipc_server_close", ipc_server_close(&serving.servers[i]));
    close(stop[i]);
    close(request[i]);
  }
}

/// A supervisor's socket is borrowed: after a failure it is still open, and it can be adopted later.
static void call_adopt(FILE *out) {
  struct ipc_endpoint where = endpoint("tcp:127.0.0.1:0");
  struct ipc_server adopted;
  int socket = ipc_create(&where), file = open("/dev/null", O_RDONLY | O_CLOEXEC);
  require(ipc_bind(socket, &where) == 0, "ipc_bind");
  show(out, "ipc_server_adopt", ipc_server_adopt(socket, &listening, &adopted));
  show(out, "ipc_server_adopt", ipc_server_adopt(file, &listening, &adopted));
  show(out, "ipc_server_adopt", ipc_server_adopt(-1, &listening, &adopted));
  show(out, "ipc_listen", ipc_listen(socket, 1));
  show(out, "ipc_server_adopt", ipc_server_adopt(socket, &listening, &adopted));
  show_endpoint(out, "  adopted", &adopted.endpoint);
  fprintf(out, "  %d, %d, %d, %d, %s\n", adopted.backlog, adopted.keepalive_s, adopted.lent, adopted.has_file,
          adopted.descriptor == socket ? "same" : "other");
  show(out, "ipc_close", ipc_close(socket));
  show(out, "ipc_close", ipc_close(file));
}

/// A socket that is connected is a server of one client.
static void call_adopt_client(FILE *out) {
  struct ipc_service greeting = {.kind = IPC_GREETING, .greeting = "hi", .length = 2};
  struct ipc_server servers[2];
  struct ipc_failure failure;
  int ends[2];
  char text[3] = "";
  require(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0, "socketpair");
  show(out, "ipc_server_adopt", ipc_server_adopt(ends[0], &listening, &servers[0]));
  fprintf(out, "  %d, %d, %d\n", servers[0].connected, servers[0].endpoint.transport, servers[0].endpoint.length);
  servers[1] = servers[0];
  int result = ipc_serve(servers, 2, &greeting, &once, NULL, &failure);
  show_failure(out, "ipc_serve", result, &failure);
  show(out, "ipc_serve", ipc_serve(servers, 1, &greeting, &once, NULL, &failure));
  show(out, "ipc_server_close", ipc_server_close(&servers[0]));
  require(read(ends[1], text, 2) == 2, "read");
  fprintf(out, "  %s\n", text);
  close(ends[1]);
}

static void call_failures(FILE *out) {
  struct ipc_endpoint candidates[] = {in_folder("unix:", "none"), endpoint("tcp:localhost:1"), endpoint("queue:/a")};
  struct ipc_connect_options connecting = {.timeout_ms = 1000, .has_source = true, .source = candidates[0]};
  struct ipc_listen_options strange = {.mode = 0400};
  struct ipc_observer observed = observer(out);
  struct ipc_connection connection;
  struct ipc_server server, many[IPC_LISTENERS_MAX + 1];
  struct ipc_failure failure;
  int result = ipc_client_open(candidates, 0, &connecting, &observed, &connection, &failure);
  show_failure(out, "ipc_client_open", result, &failure);
  for (size_t i = 0; i < 3; i++)
    show_failure(out, "ipc_client_open",
                 ipc_client_open(&candidates[i], 1, &connecting, &observed, &connection, &failure), &failure);
  result = ipc_server_open(candidates, 0, &strange, &observed, &server, &failure);
  show_failure(out, "ipc_server_open", result, &failure);
  result = ipc_server_open(candidates, 3, &strange, &observed, &server, &failure);
  show_failure(out, "ipc_server_open", result, &failure);
  fprintf(out, "  %d, %d\n", server.descriptor, server.has_file);
  server = (struct ipc_server){.descriptor = -1, .endpoint = candidates[0]};
  result = ipc_serve(&server, 1, &(struct ipc_service){.kind = IPC_ECHO}, &once, &observed, &failure);
  show_failure(out, "ipc_serve", result, &failure);
  result = ipc_serve(&server, 0, &(struct ipc_service){.kind = IPC_ECHO}, &once, &observed, &failure);
  show_failure(out, "ipc_serve", result, &failure);
  for (size_t i = 0; i <= IPC_LISTENERS_MAX; i++)
    many[i] = server;
  result = ipc_serve(many, IPC_LISTENERS_MAX + 1, &(struct ipc_service){.kind = IPC_ECHO}, &once, &observed, &failure);
  show_failure(out, "ipc_serve", result, &failure);
  connection = (struct ipc_connection){.descriptor = -1, .endpoint = candidates[0]};
  result = ipc_relay(&connection, -1, -1, &(struct ipc_relay_options){.idle_ms = 1}, &observed, &failure);
  show_failure(out, "ipc_relay", result, &failure);
}

void call_serving(FILE *out) {
  struct ipc_service greeting = {.kind = IPC_GREETING, .greeting = "Server Message", .length = 14};
  call_service(out, endpoint("tcp:127.0.0.1:0"), greeting, "");
  call_service(out, in_folder("unix:", "echo"), (struct ipc_service){.kind = IPC_ECHO}, "hello\n");
  call_service(out, endpoint("tcp:[::1]:0"), (struct ipc_service){.kind = IPC_MESSAGE}, "hello\n");
  call_workers(out);
  call_adopt(out);
  call_adopt_client(out);
  call_failures(out);
}
