/* The greeting: the server sends it, the client prints it. */
#include <unistd.h>

#include "socket.h"

int original_greet(int listener, const void *greeting, size_t length) {
  int client = accept_client(listener);
  if (client < 0)
    return client;
  int error = send_all(client, greeting, length);
  close(client);
  return error;
}

ssize_t original_copy(int socket, int output) {
  char buffer[1024];
  ssize_t total = 0, count;
  while ((count = receive(socket, buffer, sizeof buffer)) > 0) {
    int error = write_all(output, buffer, (size_t)count);
    if (error < 0)
      return error;
    total += count;
  }
  return count < 0 ? count : total;
}
