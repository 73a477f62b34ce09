/* Links: a server in a thread, and a client. */
#include "calls.h"

#include <fcntl.h>

static const struct ipc_link_sizes sizes = {.message = 1024, .depth = 4, .ring = 4096};

/// What a server's thread needs, and what it printed.
struct serving {
  struct ipc_link *link;
  char *text;
  size_t size;
};

/// Serves one client step by step, and one with a service.
static void *serve(void *context) {
  struct serving *serving = context;
  FILE *out = open_memstream(&serving->text, &serving->size);
  struct ipc_observer observed = observer(out);
  struct ipc_failure failure;
  struct ipc_service echo = {.kind = IPC_ECHO};
  struct ipc_serve_options once = {.stop = -1, .status_request = -1, .output = STDOUT_FILENO};
  char buffer[64];
  show(out, "ipc_link_accept", ipc_link_accept(serving->link, -1, 5000));
  show(out, "ipc_link_wait", ipc_link_wait(serving->link, IPC_READABLE, -1, 5000));
  show(out, "ipc_link_receive", ipc_link_receive(serving->link, buffer, sizeof buffer));
  show(out, "ipc_link_send", ipc_link_send(serving->link, "hello", 5));
  show(out, "ipc_link_half_close", ipc_link_half_close(serving->link));
  show(out, "ipc_link_wait", ipc_link_wait(serving->link, IPC_READABLE, -1, 5000));
  show(out, "ipc_link_receive", ipc_link_receive(serving->link, buffer, sizeof buffer));
  show(out, "ipc_link_disconnect", ipc_link_disconnect(serving->link));
  show(out, "ipc_link_reset", ipc_link_reset(serving->link));
  eventfd_write(closed, 1);
  show(out, "ipc_link_send", ipc_link_send(serving->link, "hello", 5));
  show_failure(out, "ipc_link_serve", ipc_link_serve(serving->link, &echo, &once, &observed, &failure), &failure);
  fclose(out);
  return NULL;
}

static struct ipc_link *open_client(FILE *out, const struct ipc_endpoint *where, enum ipc_link_busy busy, int timeout) {
  struct ipc_observer observed = observer(out);
  struct ipc_failure failure;
  struct ipc_link *link = (struct ipc_link *)out; /* any address: an error replaces it */
  int result = ipc_link_connect(where, busy, timeout, &observed, &link, &failure);
  show_failure(out, "ipc_link_connect", result, &failure);
  require((result == 0) == (link != NULL), "the link of ipc_link_connect");
  return link;
}

/// The first client, step by step.
static void call_steps(FILE *out, const struct ipc_endpoint *where) {
  char buffer[64];
  int extra[2];
  require(pipe2(extra, O_CLOEXEC) == 0 && write(extra[1], "", 1) == 1, "pipe2");
  struct ipc_link *link = open_client(out, where, IPC_LINK_BUSY_WAIT, 5000);
  show_descriptor(out, "ipc_link_descriptor", ipc_link_descriptor(link));
  show(out, "ipc_link_receive", ipc_link_receive(link, buffer, sizeof buffer));
  show(out, "ipc_link_wait", ipc_link_wait(link, IPC_READABLE, -1, 0));
  show(out, "ipc_link_wait", ipc_link_wait(link, IPC_READABLE, extra[0], 5000));
  require(open_client(out, where, IPC_LINK_BUSY_FAIL, 0) == NULL, "the second client");
  show(out, "ipc_link_send", ipc_link_send(link, "hello", 5));
  require(ipc_link_wait(link, IPC_READABLE, -1, 5000) == IPC_READABLE, "ipc_link_wait");
  show(out, "ipc_link_receive", ipc_link_receive(link, buffer, 3));
  show(out, "ipc_link_receive", ipc_link_receive(link, buffer, sizeof buffer));
  require(ipc_link_wait(link, IPC_READABLE, -1, 5000) == IPC_READABLE, "ipc_link_wait");
  show(out, "ipc_link_receive", ipc_link_receive(link, buffer, sizeof buffer));
  show(out, "ipc_link_half_close", ipc_link_half_close(link));
  await_closed();
  show(out, "ipc_link_close", ipc_link_close(link));
  close(extra[0]);
  close(extra[1]);
}

/// The second client, with a relay.
static void call_relay(FILE *out, const struct ipc_endpoint *where) {
  char *text;
  size_t size;
  FILE *events = open_memstream(&text, &size);
  struct ipc_observer observed = observer(events);
  struct ipc_relay_options copying = {.idle_ms = 5000};
  struct ipc_failure failure;
  char received[64] = {0};
  int in[2], output[2];
  require(pipe2(in, O_CLOEXEC) == 0 && pipe2(output, O_CLOEXEC) == 0, "pipe2");
  require(write(in[1], "hello", 5) == 5, "write");
  close(in[1]);
  struct ipc_link *link = open_client(out, where, IPC_LINK_BUSY_WAIT, 5000);
  int result = ipc_link_relay(link, in[0], output[1], &copying, &observed, &failure);
  fclose(events);
  show_failure(out, "ipc_link_relay", result, &failure);
  show_sorted(out, text);
  show(out, "ipc_link_close", ipc_link_close(link));
  show(out, "read", read(output[0], received, sizeof received - 1));
  fprintf(out, "  %s\n", received);
  close(in[0]);
  close(output[0]);
  close(output[1]);
}

static void call_link(FILE *out, struct ipc_endpoint where) {
  struct serving serving = {0};
  struct ipc_observer observed = observer(out);
  struct ipc_failure failure;
  struct ipc_link *second = (struct ipc_link *)out;
  pthread_t thread;
  forget_closed();
  require(open_client(out, &where, IPC_LINK_BUSY_WAIT, 100) == NULL, "a client without a server");
  int result = ipc_link_listen(&where, &sizes, &observed, &serving.link, &failure);
  show_failure(out, "ipc_link_listen", result, &failure);
  show(out, "ipc_link_accept", ipc_link_accept(serving.link, -1, 0));
  result = ipc_link_listen(&where, &sizes, &observed, &second, &failure);
  show_failure(out, "ipc_link_listen", result, &failure);
  require(second == NULL, "the link of ipc_link_listen");
  require(pthread_create(&thread, NULL, serve, &serving) == 0, "pthread_create");
  call_steps(out, &where);
  call_relay(out, &where);
  require(pthread_join(thread, NULL) == 0, "pthread_join");
  fputs(serving.text, out);
  free(serving.text);
  show(out, "ipc_link_close", ipc_link_close(serving.link));
}

void call_links(FILE *out) {
  struct ipc_endpoint socket = endpoint("tcp:127.0.0.1:0"), queue = endpoint("queue:/swap-refused");
  struct ipc_link_sizes strange = {.message = 1};
  struct ipc_observer observed = observer(out);
  struct ipc_failure failure;
  struct ipc_link *link = (struct ipc_link *)out;
  char text[64];
  call_link(out, in_folder("pipe:", "pipe"));
  snprintf(text, sizeof text, "queue:/swap-%d", getpid());
  call_link(out, endpoint(text));
  snprintf(text, sizeof text, "memory:/swap-%d", getpid());
  call_link(out, endpoint(text));
  show_failure(out, "ipc_link_listen", ipc_link_listen(&socket, &sizes, &observed, &link, &failure), &failure);
  show_failure(out, "ipc_link_listen", ipc_link_listen(&queue, &strange, &observed, &link, &failure), &failure);
  open_client(out, &socket, IPC_LINK_BUSY_FAIL, -1);
}
