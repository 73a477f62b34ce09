/* Serving: accept a client, take turns with it, end well; then the next. */
#include "internal.h"

#include <linux/sockios.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { TURNS_UNASKED = 16 }; /* in a row, before it is asked whether to stop */

/// All that serving needs to know, and its two buffers: what came and waits, and what a turn replies.
struct serve {
  const struct ipc_server *server;
  const struct ipc_service *service;
  const struct ipc_serving *serving;
  const struct ipc_observer *_Nullable observer;
  struct ipc_failure *failure;
  unsigned char *input, *output;
};

/// One client.
struct client {
  int descriptor;
  struct ipc_endpoint peer;
  size_t held;       ///< bytes of input that wait
  uint64_t position; ///< bytes of reply so far
  bool ended;        ///< the client's end has come
};

static int client_step(const struct serve *serve, const struct client *client, enum ipc_step step, ssize_t result) {
  if (result != -ECANCELED)
    ipc_tell(serve->observer, step, client->descriptor, result, &client->peer);
  return result < 0 ? ipc_fail(serve->failure, step, result, &client->peer) : 0;
}

/// Waits for a client. Stays when descriptors or memory run out, if it is to stay at all; that is told once.
static int accept_client(const struct serve *serve, struct client *client) {
  int listener = serve->server->descriptor, stop = serve->serving->stop, told = 0;
  *client = (struct client){.peer = serve->server->endpoint};
  for (;;) {
    int error = client->descriptor = ipc_accept(listener, &client->peer);
    if (error >= 0)
      break;
    if (error == -EAGAIN) {
      error = ipc_wait(listener, IPC_READABLE, stop, -1);
    } else {
      bool short_of_something = error == -EMFILE || error == -ENFILE || error == -ENOBUFS || error == -ENOMEM;
      if (error != told)
        ipc_tell(serve->observer, IPC_STEP_ACCEPT, listener, told = error, &serve->server->endpoint);
      if (serve->serving->keep_open && short_of_something)
        error = ipc_wait(-1, 0, stop, IPC_ACCEPT_PAUSE_MS) == -ECANCELED ? -ECANCELED : 0;
    }
    if (error < 0)
      return ipc_fail(serve->failure, IPC_STEP_ACCEPT, error, &serve->server->endpoint);
  }
  ipc_tell(serve->observer, IPC_STEP_ACCEPT, client->descriptor, 0, &client->peer);
  return 0;
}

static int receive_more(const struct serve *serve, struct client *client, bool wait) {
  for (;;) {
    ssize_t count = ipc_receive(client->descriptor, serve->input + client->held, IPC_BUFFER_SIZE - client->held);
    if (count == -EAGAIN && !wait)
      return 0;
    if (count == -EAGAIN)
      count = ipc_wait(client->descriptor, IPC_READABLE, serve->serving->stop, -1);
    else if (count >= 0) {
      client->held += (size_t)count;
      client->ended = count == 0;
      return client_step(serve, client, IPC_STEP_RECEIVE, count);
    }
    if (count < 0)
      return client_step(serve, client, IPC_STEP_RECEIVE, count);
  }
}

static int send_all(const struct serve *serve, const struct client *client, const unsigned char *bytes, size_t length,
                    bool more) {
  for (size_t sent = 0; sent < length;) {
    ssize_t count = ipc_send(client->descriptor, bytes + sent, length - sent, more);
    if (count == -EAGAIN)
      count = ipc_wait(client->descriptor, IPC_WRITABLE, serve->serving->stop, -1);
    else if (count > 0)
      sent += (size_t)count;
    if (count < 0)
      return client_step(serve, client, IPC_STEP_SEND, count);
  }
  return client_step(serve, client, IPC_STEP_SEND, (ssize_t)length);
}

static int print(const struct serve *serve, size_t length) {
  char text[64 + IPC_VIS_GROWTH * IPC_LINE_MAX];
  ssize_t count = ipc_message_text(serve->input, length, text, sizeof text);
  int output = serve->serving->output;
  if (count >= 0)
    count = ipc_write(output, text, (size_t)count);
  ipc_tell(serve->observer, IPC_STEP_OUTPUT, output, count, NULL);
  return count < 0 ? ipc_fail(serve->failure, IPC_STEP_OUTPUT, count, NULL) : 0;
}

/// Whether the client's kernel has not yet got all that was sent: a reset would cost it that.
static bool is_under_way(const struct serve *serve, const struct client *client) {
  int bytes = 0;
  return serve->server->endpoint.transport == IPC_TCP && ioctl(client->descriptor, SIOCOUTQ, &bytes) == 0 && bytes > 0;
}

/// Ends a connection whose client may still be sending. Closing with input unread would be a reset, and could cost the
/// client what was sent to it last: so end our direction, then discard the input, for IPC_LINGER_MS at most (RFC 1122,
/// section 4.2.2.13). A Unix client that sends later still would be reset: there the other direction ends too, and it
/// gets EPIPE.
static void end_well(const struct serve *serve, const struct client *client) {
  int how = serve->server->endpoint.transport == IPC_TCP ? SHUT_WR : SHUT_RDWR, error;
  IPC_CALL(error, shutdown(client->descriptor, how));
  if (error < 0)
    return;
  int64_t deadline = 0;
  for (;;) {
    ssize_t count = ipc_receive(client->descriptor, serve->input, IPC_BUFFER_SIZE);
    if (count == 0 || (count < 0 && count != -EAGAIN) ||
        (count == -EAGAIN && deadline == 0 && !is_under_way(serve, client)))
      return;
    if (deadline == 0)
      deadline = ipc_now_ms() + IPC_LINGER_MS;
    int left = ipc_remaining_ms(deadline);
    if (left == 0 || ipc_wait(client->descriptor, IPC_READABLE, serve->serving->stop, left) < 0)
      return;
  }
}

/// Whether it is told to stop; a client that never lets us wait would keep that from being seen.
static bool is_stopped(const struct serve *serve) {
  int stop = serve->serving->stop;
  return stop >= 0 && ipc_wait(-1, 0, stop, 0) == -ECANCELED;
}

static int take_turns(const struct serve *serve, struct client *client) {
  for (unsigned turns = 1;; turns++) {
    if (turns % TURNS_UNASKED == 0 && is_stopped(serve))
      return ipc_fail(serve->failure, IPC_STEP_WAIT, -ECANCELED, &client->peer);
    struct ipc_turn turn;
    ipc_service_turn(serve->service, client->position, serve->input, client->held, client->ended, serve->output,
                     IPC_BUFFER_SIZE, &turn);
    int error = 0;
    if (turn.cut)
      ipc_tell(serve->observer, IPC_STEP_RECEIVE, client->descriptor, -EMSGSIZE, &client->peer);
    if (turn.prints)
      error = print(serve, turn.consumed);
    if (error == 0 && turn.produced > 0)
      error =
          send_all(serve, client, turn.echoes ? serve->input : serve->output, turn.produced, turn.wish == IPC_WISH_END);
    if (error < 0)
      return error;
    client->position += turn.produced;
    client->held -= turn.consumed;
    if (client->held > 0 && turn.consumed > 0)
      memmove(serve->input, serve->input + turn.consumed, client->held);
    if (turn.wish == IPC_WISH_END) {
      if (!client->ended)
        end_well(serve, client);
      return 0;
    }
    if (!client->ended)
      error = receive_more(serve, client, turn.wish == IPC_WISH_INPUT);
    if (error < 0)
      return error;
  }
}

/// The end that chargen waits for.
static bool is_leaving(const struct serve *serve, int error) {
  return serve->service->kind == IPC_CHARGEN && (error == -EPIPE || error == -ECONNRESET);
}

/// Whether to go on after a client, however it ended. What prints is the server's own: when that fails, serving ends.
static bool goes_on(const struct serve *serve, int error) {
  return serve->serving->keep_open && error != -ECANCELED && (error == 0 || serve->failure->step != IPC_STEP_OUTPUT);
}

static int serve_client(const struct serve *serve, struct client *client) {
  int error = take_turns(serve, client);
  if (is_leaving(serve, error))
    error = 0;
  ipc_close(client->descriptor);
  if (serve->observer) {
    struct ipc_event event = {.step = IPC_STEP_CLOSE, .descriptor = client->descriptor, .endpoint = &client->peer};
    if (error < 0 && goes_on(serve, error)) {
      event.error = error;
      event.failed = serve->failure->step;
    }
    serve->observer->event(serve->observer->context, &event);
  }
  return error;
}

int ipc_serve(const struct ipc_server *server, const struct ipc_service *service, const struct ipc_serving *serving,
              const struct ipc_observer *observer, struct ipc_failure *failure) {
  struct serve serve = {server, service, serving, observer, failure, NULL, NULL};
  struct client client;
  serve.input = malloc(2 * IPC_BUFFER_SIZE);
  if (!serve.input)
    return ipc_fail(failure, IPC_STEP_RECEIVE, -ENOMEM, NULL);
  serve.output = serve.input + IPC_BUFFER_SIZE;
  int error;
  do {
    error = accept_client(&serve, &client);
    if (error < 0)
      break;
    error = serve_client(&serve, &client);
  } while (goes_on(&serve, error));
  free(serve.input);
  return error == -ECANCELED ? 0 : error;
}
