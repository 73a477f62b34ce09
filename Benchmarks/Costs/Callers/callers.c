/* Jobs.swift has the same jobs with calls in Swift. */
#include "callers.h"

#include "../../../include/ipc.h"
#include <string.h>
#include <sys/socket.h>

enum { MESSAGE = 64 };

static const char message[MESSAGE + 1] = COSTS_MESSAGE;

static int64_t call(long count) {
  int64_t sum = 0;
  for (long i = 0; i < count; i++)
    sum = costs_add(sum, i);
  return sum;
}

static int64_t copy_structure(long count) {
  int64_t sum = 0;
  struct costs_name name = {.length = MESSAGE}, copy;
  memcpy(name.bytes, message, MESSAGE);
  for (long i = 0; i < count; i++) {
    costs_copy_name(&name, &copy);
    sum += copy.length;
  }
  return sum;
}

static int64_t copy_text(long count) {
  int64_t sum = 0;
  char copy[MESSAGE + 1];
  for (long i = 0; i < count; i++)
    sum += (int64_t)costs_copy_text(message, copy, sizeof copy);
  return sum;
}

static void add_event(void *context, int64_t value) { *(int64_t *)context += value; }

static int64_t notify(long count) {
  int64_t sum = 0;
  for (long i = 0; i < count; i++)
    costs_notify(add_event, &sum, i);
  return sum;
}

static int64_t echo(long count) {
  int64_t sum = 0;
  const struct ipc_service service = {.kind = IPC_ECHO};
  struct ipc_service_result result;
  char output[IPC_LINE_MAX];
  for (long i = 0; i < count; i++) {
    ipc_service_step(&service, (uint64_t)i, message, MESSAGE, false, output, sizeof output, &result);
    sum += (int64_t)result.produced;
  }
  return sum;
}

static int64_t exchange(long count) {
  int64_t sum = 0;
  int pair[2];
  char buffer[MESSAGE];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
    fail("no pair of sockets", "socketpair");
  for (long i = 0; i < count; i++) {
    sum += ipc_send(pair[0], message, MESSAGE, false);
    sum += ipc_receive(pair[1], buffer, sizeof buffer);
  }
  ipc_close(pair[0]);
  ipc_close(pair[1]);
  return sum;
}

static int64_t fail_to_send(long count) {
  int64_t sum = 0;
  for (long i = 0; i < count; i++)
    sum -= ipc_send(-1, message, MESSAGE, false);
  return sum;
}

static int64_t encode(long count) {
  int64_t sum = 0;
  char text[MESSAGE * IPC_VIS_GROWTH];
  for (long i = 0; i < count; i++)
    sum += ipc_vis(message, MESSAGE, text, sizeof text);
  return sum;
}

static int64_t parse(long count) {
  int64_t sum = 0;
  static const char text[] = "tcp:192.168.101.102:5000";
  struct ipc_endpoint endpoint;
  for (long i = 0; i < count; i++)
    sum += ipc_endpoint_parse(text, sizeof text - 1, &endpoint) + endpoint.port;
  return sum;
}

static const struct {
  const char *name;
  job *run;
} jobs[] = {
    {"call", call},     {"structure", copy_structure}, {"text", copy_text}, {"callback", notify}, {"echo", echo},
    {"send", exchange}, {"error", fail_to_send},       {"vis", encode},     {"parse", parse},
};

job *find_job(const char *name) {
  for (size_t i = 0; i < sizeof jobs / sizeof jobs[0]; i++)
    if (strcmp(jobs[i].name, name) == 0)
      return jobs[i].run;
  return NULL;
}
