/* Serving: what a loop needs, for as long as it runs. */
#include "loop.h"

#include <stdlib.h>

int ipc_loop_serve(const struct ipc_server *server, const struct ipc_service *service,
                   const struct ipc_serve_options *serving, const struct ipc_observer *observer,
                   struct ipc_failure *failure, struct ipc_counters *counters) {
  struct ipc_loop loop = {.server = server,
                          .service = service,
                          .serving = serving,
                          .observer = observer,
                          .failure = failure,
                          .now = ipc_now_ms(),
                          .free = IPC_NONE,
                          .busy = {IPC_NONE, IPC_NONE},
                          .lingering = {IPC_NONE, IPC_NONE},
                          .accepts = true};
  ipc_control_init(&loop.control, serving, observer, &server->endpoint);
  loop.input = malloc(2 * IPC_BUFFER_SIZE);
  if (!loop.input)
    return ipc_failure_record(failure, IPC_STEP_RECEIVE, -ENOMEM, NULL);
  loop.output = loop.input + IPC_BUFFER_SIZE;
  int error = ipc_loop(&loop);
  *counters = loop.counters;
  free(loop.sessions);
  free(loop.chains);
  free(loop.input);
  return error;
}

int ipc_serve(const struct ipc_server *server, const struct ipc_service *service,
              const struct ipc_serve_options *serving, const struct ipc_observer *observer,
              struct ipc_failure *failure) {
  struct ipc_counters counters;
  return serving->workers > 1 ? ipc_crew_serve(server, service, serving, observer, failure)
                              : ipc_loop_serve(server, service, serving, observer, failure, &counters);
}
