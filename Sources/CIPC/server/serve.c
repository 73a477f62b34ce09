/* Serving with one loop, or with several workers. */
#include "loop.h"

int ipc_serve(const struct ipc_server *servers, size_t count, const struct ipc_service *service,
              const struct ipc_serve_options *options, const struct ipc_observer *observer,
              struct ipc_failure *failure) {
  struct ipc_counters counters;
  struct ipc_output output;
  int error;
  if (count == 0 || count > IPC_LISTENERS_MAX)
    return ipc_failure_record(failure, IPC_STEP_LISTEN, -EINVAL, count > 0 ? &servers[0].endpoint : NULL);
  for (size_t i = 0; i < count; i++)
    if (servers[i].connected && count > 1)
      return ipc_failure_record(failure, IPC_STEP_LISTEN, -EISCONN, &servers[i].endpoint);
  ipc_output_open(&output, service->kind == IPC_MESSAGE ? options->output : -1);
  if (options->workers > 1 && !servers[0].connected)
    error = ipc_workers_serve(servers, count, service, options, observer, &output, failure);
  else
    error = ipc_loop_serve(servers, count, service, options, observer, &output, failure, &counters);
  ipc_output_close(&output);
  return error;
}
