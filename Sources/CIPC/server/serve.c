/* Serving with one loop, or with several workers. */
#include "loop.h"

int ipc_serve(const struct ipc_server *server, const struct ipc_service *service,
              const struct ipc_serve_options *options, const struct ipc_observer *observer,
              struct ipc_failure *failure) {
  struct ipc_counters counters;
  struct ipc_output output;
  ipc_output_open(&output, service->kind == IPC_MESSAGE ? options->output : -1);
  int error = options->workers > 1 ? ipc_workers_serve(server, service, options, observer, &output, failure)
                                   : ipc_loop_serve(server, service, options, observer, &output, failure, &counters);
  ipc_output_close(&output);
  return error;
}
