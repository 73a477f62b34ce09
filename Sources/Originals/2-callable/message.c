/* The message: the client sends a line, the server prints it and answers. */
#include <string.h>
#include <unistd.h>

#include "socket.h"

/// Prints a text, `length` bytes, and a newline.
static int print_line(int output, const char *text, const char *bytes, size_t length) {
  int error = write_all(output, text, strlen(text));
  if (error == 0)
    error = write_all(output, bytes, length);
  return error < 0 ? error : write_all(output, "\n", 1);
}

ssize_t original_serve_message(int listener, int output) {
  char line[ORIGINAL_MESSAGE_MAX];
  const char answer[] = "I got your message";
  int client = accept_client(listener);
  if (client < 0)
    return client;
  ssize_t length = receive_line(client, line);
  int error = length < 0 ? (int)length : print_line(output, "Here is the message: ", line, (size_t)length);
  if (error == 0)
    error = send_all(client, answer, strlen(answer));
  close(client);
  return error < 0 ? error : length;
}

ssize_t original_send_message(int socket, int input, int output) {
  char line[ORIGINAL_MESSAGE_MAX], answer[ORIGINAL_MESSAGE_MAX];
  const char prompt[] = "Please enter the message: ";
  int error = write_all(output, prompt, strlen(prompt));
  ssize_t length = error < 0 ? error : receive_line(input, line);
  error = length < 0 ? (int)length : send_all(socket, line, (size_t)length);
  length = error < 0 ? error : receive_line(socket, answer);
  error = length < 0 ? (int)length : print_line(output, "", answer, (size_t)length);
  return error < 0 ? error : length;
}
