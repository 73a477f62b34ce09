/* Sends and receives all bytes over any transport. */
#include "transports.h"

#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- Raw transports: the cost of the kernel alone --------------------------------------------------------------- */

bool transport_is_raw(const char *name) { return strncmp(name, "raw-", 4) == 0; }

static int make_queue(void) {
  struct mq_attr attributes = {.mq_maxmsg = IPC_QUEUE_DEPTH_DEFAULT, .mq_msgsize = QUEUED};
  char name[64];
  static int number;
  snprintf(name, sizeof name, "/transports-%d-%d", (int)getpid(), number++);
  int queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &attributes);
  mq_unlink(name);
  return queue;
}

/// Like pipe(2), but with a name for a moment: the kernel updates the times of a FIFO, not those of an anonymous pipe.
static bool make_fifo(int ends[2]) {
  char folder[] = P_tmpdir "/transports-XXXXXX", path[sizeof folder + 5];
  if (!mkdtemp(folder))
    return false;
  snprintf(path, sizeof path, "%s/fifo", folder);
  int both = mkfifo(path, 0600) < 0 ? -1 : open(path, O_RDWR); /* so that no open waits for the other end */
  ends[0] = open(path, O_RDONLY | O_NONBLOCK);
  ends[1] = open(path, O_WRONLY | O_NONBLOCK);
  unlink(path);
  rmdir(folder);
  if (both < 0 || ends[0] < 0 || ends[1] < 0 || fcntl(ends[0], F_SETFL, 0) < 0 || fcntl(ends[1], F_SETFL, 0) < 0)
    return false;
  close(both);
  return true;
}

void transport_make(const char *name, struct pair ends[2]) {
  if (strcmp(name, "raw-queue") == 0) {
    int there = make_queue(), back = make_queue();
    ends[0] = (struct pair){back, there};
    ends[1] = (struct pair){there, back};
  } else if (strcmp(name, "raw-pipe") == 0 || strcmp(name, "raw-fifo") == 0) {
    int there[2] = {-1, -1}, back[2] = {-1, -1};
    bool named = strcmp(name, "raw-fifo") == 0;
    if (named ? !make_fifo(there) || !make_fifo(back) : pipe(there) < 0 || pipe(back) < 0)
      fail(name, -errno);
    ends[0] = (struct pair){back[0], there[1]};
    ends[1] = (struct pair){there[0], back[1]};
  } else {
    int both[2] = {-1, -1};
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, both) < 0)
      fail("socketpair", -errno);
    ends[0] = (struct pair){both[0], both[0]};
    ends[1] = (struct pair){both[1], both[1]};
  }
  if (ends[0].input < 0 || ends[1].input < 0)
    fail(name, -errno);
}

struct transport transport_adopt(const char *name, struct pair end) {
  return (struct transport){
      .kind = strcmp(name, "raw-queue") == 0 ? QUEUE : RAW, .input = end.input, .output = end.output};
}

/* ---- The engine's ----------------------------------------------------------------------------------------------- */

static struct ipc_endpoint parse(const char *text) {
  struct ipc_endpoint endpoint;
  int error = ipc_endpoint_parse(text, strlen(text), &endpoint);
  if (error < 0)
    fail(text, error);
  return endpoint;
}

static bool is_link(const struct ipc_endpoint *endpoint) { return endpoint->transport >= IPC_PIPE; }

void transport_serve(const char *text, int announcement, struct transport *transport) {
  struct ipc_endpoint endpoint = parse(text);
  struct ipc_failure failure;
  struct ipc_server server;
  char where[IPC_ENDPOINT_TEXT_MAX + 2];
  int error;
  transport->kind = is_link(&endpoint) ? LINK : SOCKET;
  if (transport->kind == LINK)
    error = ipc_link_listen(&endpoint, &(struct ipc_link_sizes){0}, NULL, &transport->link, &failure);
  else if ((error = ipc_server_open(&endpoint, 1, &(struct ipc_listen_options){.backlog = 1}, NULL, &server,
                                    &failure)) == 0)
    endpoint = server.endpoint;
  int length = error < 0 ? error : ipc_endpoint_format(&endpoint, where, sizeof where - 1);
  if (length < 0)
    fail(text, length);
  where[length] = '\n';
  ipc_write(announcement, where, (size_t)length + 1);
  if (transport->kind == LINK)
    error = ipc_link_accept(transport->link, -1, PATIENCE_MS);
  else if ((error = ipc_wait(server.descriptor, IPC_READABLE, -1, PATIENCE_MS)) >= 0) {
    error = transport->input = transport->output = ipc_accept(server.descriptor, NULL);
    ipc_server_close(&server);
  }
  if (error < 0)
    fail(text, error);
}

void transport_connect(const char *text, struct transport *transport) {
  struct ipc_endpoint endpoint = parse(text);
  struct ipc_failure failure;
  struct ipc_connection connection = {.descriptor = -1};
  struct ipc_connect_options options = {.timeout_ms = PATIENCE_MS};
  transport->kind = is_link(&endpoint) ? LINK : SOCKET;
  int error = transport->kind == LINK
                  ? ipc_link_connect(&endpoint, IPC_LINK_BUSY_WAIT, PATIENCE_MS, NULL, &transport->link, &failure)
                  : ipc_client_open(&endpoint, 1, &options, NULL, &connection, &failure);
  if (error < 0)
    fail(text, error);
  transport->input = transport->output = connection.descriptor;
}

/* ---- Bytes ------------------------------------------------------------------------------------------------------ */

static void await(struct transport *transport, int event) {
  int ready = transport->kind == LINK ? ipc_link_wait(transport->link, event, -1, PATIENCE_MS)
                                      : ipc_wait(transport->input, event, -1, PATIENCE_MS);
  if (ready < 0)
    fail("wait", ready);
}

static ssize_t send_some(struct transport *transport, const char *bytes, size_t length) {
  switch (transport->kind) {
  case LINK:
    return ipc_link_send(transport->link, bytes, length);
  case SOCKET:
    return ipc_send(transport->output, bytes, length, false);
  case RAW:
    return write(transport->output, bytes, length);
  case QUEUE:
    break;
  }
  length = length < QUEUED ? length : QUEUED;
  return mq_send(transport->output, bytes, length, 0) < 0 ? -1 : (ssize_t)length;
}

static ssize_t receive_some(struct transport *transport, char *bytes, size_t length) {
  static char message[QUEUED];
  switch (transport->kind) {
  case LINK:
    return ipc_link_receive(transport->link, bytes, length);
  case SOCKET:
    return ipc_receive(transport->input, bytes, length);
  case RAW:
    return read(transport->input, bytes, length);
  case QUEUE:
    break;
  }
  ssize_t count = mq_receive(transport->input, length < QUEUED ? message : bytes, QUEUED, NULL);
  if (count > 0 && length < QUEUED)
    memcpy(bytes, message, (size_t)count);
  return count;
}

void transport_send(struct transport *transport, const void *bytes, size_t length) {
  const char *rest = bytes;
  while (length > 0) {
    ssize_t sent = send_some(transport, rest, length);
    if (sent > 0) {
      rest += sent;
      length -= (size_t)sent;
    } else if (sent == -EAGAIN)
      await(transport, IPC_WRITABLE);
    else
      fail("send", (int)sent);
  }
}

void transport_receive(struct transport *transport, void *bytes, size_t length) {
  char *rest = bytes;
  while (length > 0) {
    ssize_t got = receive_some(transport, rest, length);
    if (got > 0) {
      rest += got;
      length -= (size_t)got;
    } else if (got == -EAGAIN)
      await(transport, IPC_READABLE);
    else
      fail("receive", (int)got);
  }
}

void transport_close(struct transport *transport) {
  if (transport->kind == LINK)
    ipc_link_close(transport->link);
}
