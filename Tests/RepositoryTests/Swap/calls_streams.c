/* Streams, servers and clients, step by step. */
#include "calls.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/un.h>

/// Every step of a stream with a pair of sockets.
static void call_pair(FILE *out) {
  int pair[2];
  char buffer[64];
  require(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair) == 0, "socketpair");
  show(out, "ipc_receive", ipc_receive(pair[0], buffer, sizeof buffer));
  show(out, "ipc_wait", ipc_wait(pair[0], IPC_READABLE, -1, 0));
  show(out, "ipc_wait", ipc_wait(pair[0], IPC_READABLE | IPC_WRITABLE, -1, -1));
  show(out, "ipc_send", ipc_send(pair[1], "hello", 5, true));
  show(out, "ipc_wait", ipc_wait(pair[1], IPC_WRITABLE, pair[0], 1000));
  show(out, "ipc_receive", ipc_receive(pair[0], buffer, 2));
  show(out, "ipc_read", ipc_read(pair[0], buffer, sizeof buffer));
  show(out, "ipc_receive", ipc_receive(pair[0], buffer, 0));
  show(out, "ipc_write", ipc_write(pair[1], "hello", 5));
  show(out, "ipc_write_some", ipc_write_some(pair[1], "hello", 5));
  show(out, "ipc_write_some", ipc_write_some(pair[1], "", 0));
  show(out, "ipc_half_close", ipc_half_close(pair[1]));
  show(out, "ipc_send", ipc_send(pair[1], "hello", 5, false));
  show(out, "ipc_receive", ipc_receive(pair[0], buffer, sizeof buffer));
  show(out, "ipc_receive", ipc_receive(pair[0], buffer, sizeof buffer));
  show(out, "ipc_close", ipc_close(pair[0]));
  show(out, "ipc_wait", ipc_wait(pair[1], IPC_READABLE | IPC_WRITABLE, -1, 0));
  show(out, "ipc_close", ipc_close(pair[1]));
}

static void call_writer(FILE *out) {
  int ends[2];
  char page[8192] = {0};
  ssize_t written;
  require(pipe2(ends, O_CLOEXEC) == 0, "pipe2");
  int writer = ipc_open_writer(ends[1]);
  show_descriptor(out, "ipc_open_writer", writer);
  while ((written = ipc_write_some(writer, page, sizeof page)) > 0)
    show(out, "ipc_write_some", written);
  show(out, "ipc_write_some", written);
  ipc_close(writer);
  ipc_close(ends[0]);
  show(out, "ipc_write", ipc_write(ends[1], page, sizeof page));
  ipc_close(ends[1]);
}

void call_streams(FILE *out) {
  char byte;
  call_pair(out);
  call_writer(out);
  show(out, "ipc_receive", ipc_receive(-1, &byte, 1));
  show(out, "ipc_send", ipc_send(-1, "", 1, false));
  show(out, "ipc_send", ipc_send(STDERR_FILENO, "", 0, false));
  show(out, "ipc_read", ipc_read(-1, &byte, 1));
  show(out, "ipc_write", ipc_write(-1, "", 1));
  show(out, "ipc_write_some", ipc_write_some(-1, "", 1));
  show(out, "ipc_open_writer", ipc_open_writer(-1));
  show(out, "ipc_wait", ipc_wait(-1, IPC_READABLE, -1, 1));
  show(out, "ipc_half_close", ipc_half_close(-1));
  show(out, "ipc_close", ipc_close(-1));
  struct ipc_endpoint link = endpoint("pipe:/tmp/a"), name = endpoint("tcp:localhost:1");
  show(out, "ipc_create", ipc_create(&link));
  show(out, "ipc_create", ipc_create(&name));
}

/// A server and a client, step by step.
static void call_steps(FILE *out, struct ipc_endpoint where) {
  struct ipc_endpoint own, peer;
  int listener = ipc_create(&where), client = ipc_create(&where), again = ipc_create(&where);
  show_descriptor(out, "ipc_create", listener);
  show(out, "ipc_connect", ipc_connect(again, &where, 1000));
  show(out, "ipc_bind", ipc_bind(listener, &where));
  show(out, "ipc_listen", ipc_listen(listener, 5));
  show(out, "ipc_accept", ipc_accept(listener, &peer));
  show(out, "ipc_endpoint_local", ipc_endpoint_local(listener, &own));
  show_endpoint(out, "  own", &own);
  show(out, "ipc_bind", ipc_bind(again, &own));
  show(out, "ipc_connect", ipc_connect(client, &own, -1));
  int served = ipc_accept(listener, &peer);
  show_descriptor(out, "ipc_accept", served);
  show_endpoint(out, "  peer", &peer);
  show(out, "ipc_endpoint_peer", ipc_endpoint_peer(client, &peer));
  show_endpoint(out, "  peer", &peer);
  show(out, "ipc_endpoint_peer", ipc_endpoint_peer(listener, &peer));
  show(out, "ipc_connect", ipc_connect(client, &own, 0));
  ipc_close(client);
  client = ipc_create(&own);
  show(out, "ipc_connect", ipc_connect(client, &own, 100));
  ipc_close(served);
  served = ipc_accept(listener, NULL);
  show_descriptor(out, "ipc_accept", served);
  ipc_close(served);
  ipc_close(client);
  ipc_close(again);
  ipc_close(listener);
  if (where.transport == IPC_UNIX)
    require(unlink(where.name) == 0, "unlink");
}

/// A signal reaches a descriptor instead of ending the program.
static void call_signals(FILE *out) {
  int stop = ipc_stop_signals(), status = ipc_status_signals();
  show_descriptor(out, "ipc_stop_signals", stop);
  show_descriptor(out, "ipc_status_signals", status);
  show(out, "ipc_wait", ipc_wait(stop, IPC_READABLE, -1, 0));
  require(raise(SIGTERM) == 0 && raise(SIGUSR1) == 0, "raise");
  show(out, "ipc_wait", ipc_wait(stop, IPC_READABLE, -1, 1000));
  show(out, "ipc_wait", ipc_wait(status, IPC_READABLE, stop, 1000));
  ipc_close(stop);
  ipc_close(status);
}

/// A server reports its state to a supervisor.
static void call_notify(FILE *out) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  char received[16] = {0}, name[IPC_PATH_MAX + 1] = {0};
  snprintf(address.sun_path, sizeof address.sun_path, "%s/notify", folder);
  const char *path = address.sun_path;
  show(out, "ipc_notify", ipc_notify(path, strlen(path), "READY=1", 7));
  int supervisor = socket(AF_UNIX, SOCK_DGRAM, 0);
  require(bind(supervisor, (struct sockaddr *)&address, sizeof address) == 0, "bind");
  show(out, "ipc_notify", ipc_notify(path, strlen(path), "READY=1", 7));
  show(out, "ipc_receive", ipc_receive(supervisor, received, sizeof received));
  fprintf(out, "  %s\n", received);
  show(out, "ipc_notify", ipc_notify("", 0, "READY=1", 7));
  show(out, "ipc_notify", ipc_notify("@", 1, "READY=1", 7));
  show(out, "ipc_notify", ipc_notify(name, sizeof name, "READY=1", 7));
  ipc_close(supervisor);
}

void call_servers(FILE *out) {
  call_signals(out);
  call_steps(out, endpoint("tcp:127.0.0.1:0"));
  call_steps(out, in_folder("unix:", "steps"));
  struct ipc_endpoint all = endpoint("tcp:*:5000");
  int socket = ipc_create(&all);
  show(out, "ipc_connect", ipc_connect(socket, &all, 100));
  show(out, "ipc_listen", ipc_listen(-1, 5));
  show(out, "ipc_bind", ipc_bind(-1, &all));
  show(out, "ipc_endpoint_local", ipc_endpoint_local(-1, &all));
  show(out, "ipc_endpoint_peer", ipc_endpoint_peer(-1, &all));
  ipc_close(socket);
  call_notify(out);
}
