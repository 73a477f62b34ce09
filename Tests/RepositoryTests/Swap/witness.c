/* Shows which engine answers a call: the observer prints the functions that called it, and where they are. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <execinfo.h>
#include <ipc.h>
#include <stdio.h>
#include <string.h>

static void print_callers(void *context, const struct ipc_event *event) {
  void *frames[32];
  int count = backtrace(frames, 32);
  (void)context;
  (void)event;
  for (int i = 0; i < count; i++) {
    Dl_info function;
    if (dladdr(frames[i], &function))
      printf("%s %s\n", function.dli_fname, function.dli_sname ? function.dli_sname : "-");
  }
}

int main(void) {
  const char *where = "tcp:127.0.0.1:0";
  struct ipc_endpoint endpoint;
  struct ipc_observer observer = {.event = print_callers, .steps = 1U << IPC_STEP_LISTEN};
  struct ipc_listen_options options = {.backlog = 1};
  struct ipc_server server;
  struct ipc_failure failure;
  if (ipc_endpoint_parse(where, strlen(where), &endpoint) < 0 ||
      ipc_server_open(&endpoint, 1, &options, &observer, &server, &failure) < 0)
    return 1;
  return ipc_server_close(&server) < 0;
}
