#include <errno.h>
#include <stdio.h>
#include <string.h>

static int ping(const char *text, char *reply, size_t size) {
  (void)text;
  return snprintf(reply, size, "pong");
}

static int echo(const char *text, char *reply, size_t size) {
  return snprintf(reply, size, "%s", text);
}

static int length(const char *text, char *reply, size_t size) {
  return snprintf(reply, size, "%zu", strlen(text));
}

static const struct {
  const char *name;
  int (*run)(const char *text, char *reply, size_t size);
} commands[] = {{"ping", ping}, {"echo", echo}, {"length", length}};

/// Runs a command such as "echo TEXT". Returns the length of the reply, or
/// a negative errno: -ENOSYS if there is no such command, -ENOBUFS if the
/// reply is too long.
int run_command(const char *line, char *reply, size_t size) {
  size_t end = strcspn(line, " ");
  const char *text = line[end] == ' ' ? line + end + 1 : line + end;
  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
    const char *name = commands[i].name;
    if (strlen(name) != end || memcmp(name, line, end) != 0)
      continue;
    int n = commands[i].run(text, reply, size);
    return n < (int)size ? n : -ENOBUFS;
  }
  return -ENOSYS;
}
