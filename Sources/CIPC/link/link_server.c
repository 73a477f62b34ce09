/* Serving over a link: one client after the other, with what a server tells. */
#include "link_internal.h"

#include <stdlib.h>
#include <sys/epoll.h>

int ipc_host_tell(struct ipc_host *host, enum ipc_step step, ssize_t result) {
  ipc_observer_notify(host->observer, step, host->link->lobby, result, &host->link->endpoint);
  return result < 0 ? ipc_failure_record(host->failure, step, result, &host->link->endpoint) : 0;
}

void ipc_host_look(struct ipc_host *host) {
  int64_t now = ipc_now_ms();
  if (ipc_control_poll(&host->control, now)) {
    struct ipc_counters counters = host->counters;
    counters.received += host->received;
    counters.sent += host->sent;
    ipc_control_report(&host->control, &counters);
  }
  host->drained = host->control.drain_deadline;
  host->stopped = ipc_control_is_over(&host->control, now);
}

/* ---- One client after the other -------------------------------------------------------------------------------- */

/// Ends the conversation; an error that ends serving is returned. A stop is none.
static int end(struct ipc_host *host, int error, int64_t since) {
  if (error == -ECANCELED || (host->service->kind == IPC_CHARGEN && error == -EPIPE))
    error = 0;
  bool goes_on = host->serving->keep_open && (error == 0 || host->failure->step != IPC_STEP_OUTPUT);
  ipc_link_disconnect(host->link);
  if (host->observer && ((error < 0 && goes_on) || host->observer->steps & 1U << IPC_STEP_CLOSE)) {
    struct ipc_event event = {.step = IPC_STEP_CLOSE,
                              .descriptor = host->link->lobby,
                              .endpoint = &host->link->endpoint,
                              .error = goes_on ? error : 0,
                              .failed = host->failure->step,
                              .received = host->received,
                              .sent = host->sent,
                              .duration_ms = ipc_now_ms() - since};
    host->observer->event(host->observer->context, &event);
  }
  host->counters.failed += error < 0;
  host->counters.active = 0;
  host->counters.received += host->received;
  host->counters.sent += host->sent;
  host->received = host->sent = 0;
  return goes_on ? 0 : error;
}

static int serve_one(struct ipc_host *host) {
  int64_t since = host->active = ipc_now_ms();
  host->counters.accepted++;
  host->counters.active = 1;
  ipc_host_tell(host, IPC_STEP_ACCEPT, 0);
  return end(host, ipc_talk(host), since);
}

static int run(struct ipc_host *host) {
  for (;;) {
    int error = ipc_link_accept(host->link, host->others, -1);
    if (error == -ECANCELED) {
      ipc_host_look(host);
      if (host->drained > 0)
        return 0;
      continue;
    }
    if (error < 0)
      return ipc_host_tell(host, IPC_STEP_ACCEPT, error);
    error = serve_one(host);
    if (error < 0 || !host->serving->keep_open || host->drained > 0)
      return error;
  }
}

int ipc_link_serve(struct ipc_link *link, const struct ipc_service *service, const struct ipc_serve_options *serving,
                   const struct ipc_observer *observer, struct ipc_failure *failure) {
  struct ipc_host host = {
      .link = link, .service = service, .serving = serving, .observer = observer, .failure = failure};
  IPC_CALL(host.others, epoll_create1(EPOLL_CLOEXEC));
  if (host.others < 0)
    return ipc_failure_record(failure, IPC_STEP_WAIT, host.others, &link->endpoint);
  ipc_control_init(&host.control, serving, observer, &link->endpoint);
  int error = ipc_control_watch(&host.control, host.others);
  host.input = error == 0 ? malloc(2 * IPC_BUFFER_SIZE) : NULL;
  if (host.input) {
    host.output = host.input + IPC_BUFFER_SIZE;
    error = run(&host);
    free(host.input);
  } else
    error = ipc_failure_record(failure, IPC_STEP_WAIT, error < 0 ? error : -ENOMEM, &link->endpoint);
  ipc_close(host.others);
  return error;
}
