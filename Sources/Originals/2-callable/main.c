/* The four programs: greeting-server [PORT], greeting-client [PORT], message-server PORT, message-client HOST PORT. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "originals.h"

#define FIXED_PORT "5000"

/// Prints the reason of a failure. Returns the exit status.
static int finish(const char *step, ssize_t result) {
  if (result >= 0)
    return 0;
  fprintf(stderr, "%s: %s\n", step, original_error_text((int)result));
  return 1;
}

static int serve(const char *address, const char *port, int greets) {
  const char greeting[] = "Server Message";
  int listener = original_listen(address, port);
  if (listener < 0)
    return finish("listen", listener);
  ssize_t result = greets ? original_greet(listener, greeting, strlen(greeting)) : original_serve_message(listener, 1);
  close(listener);
  return finish("serve", result);
}

static int ask(const char *host, const char *port, int copies) {
  int socket = original_connect(host, port);
  if (socket < 0)
    return finish("connect", socket);
  ssize_t result = copies ? original_copy(socket, 1) : original_send_message(socket, 0, 1);
  close(socket);
  return finish("receive", result);
}

int main(int count, char *arguments[]) {
  const char *role = count > 1 ? arguments[1] : "";
  const char *port = count > 2 ? arguments[2] : FIXED_PORT;
  if (strcmp(role, "greeting-server") == 0 && count <= 3)
    return serve("127.0.0.1", port, 1);
  if (strcmp(role, "greeting-client") == 0 && count <= 3)
    return ask("127.0.0.1", port, 1);
  if (strcmp(role, "message-server") == 0 && count == 3)
    return serve("127.0.0.1", port, 0);
  if (strcmp(role, "message-client") == 0 && count == 4)
    return ask(arguments[2], arguments[3], 0);
  fprintf(stderr,
          "usage: greeting-server [PORT] | greeting-client [PORT] | message-server PORT | message-client HOST PORT\n");
  return 64;
}
