/* A link's server: sessions, one after the other. */
#include "link_session.h"

#include <sys/epoll.h>

/// Notifies the observer that a session has ended. If the server goes on, this is the only report of its error.
static void report_end(const struct ipc_link_session *session, int error, bool goes_on, int64_t since) {
  const struct ipc_observer *observer = session->observer;
  if (!observer || !((error < 0 && goes_on) || observer->steps & 1U << IPC_STEP_CLOSE))
    return;
  struct ipc_event event = {.step = IPC_STEP_CLOSE,
                            .descriptor = session->link->rendezvous,
                            .endpoint = &session->link->endpoint,
                            .error = goes_on ? error : 0,
                            .failed = error == -ECANCELED ? IPC_STEP_STOP : session->failure->step,
                            .received = session->received,
                            .sent = session->sent,
                            .duration_ms = ipc_clock_now() - since};
  observer->event(observer->context, &event);
}

/// Ends a session. Returns an error only if it ends serving; a stop is no error, nor is the end that chargen waits for.
static int end(struct ipc_link_session *session, int error, int64_t since) {
  bool is_stopped = error == -ECANCELED;
  if (session->service->kind == IPC_CHARGEN && error == -EPIPE)
    error = 0;
  bool stays_open = session->options->keep_open && (error == 0 || session->failure->step != IPC_STEP_OUTPUT);
  bool goes_on = is_stopped || stays_open;
  if (error < 0)
    ipc_link_reset(session->link);
  else
    ipc_link_disconnect(session->link);
  report_end(session, error, goes_on, since);
  session->counters.failed += error < 0 && !is_stopped;
  session->counters.active = 0;
  session->counters.received += session->received;
  session->counters.sent += session->sent;
  session->received = session->sent = 0;
  return goes_on ? 0 : error;
}

static int serve_client(struct ipc_link_session *session) {
  int64_t since = session->since = session->active = ipc_clock_now();
  session->counters.accepted++;
  session->counters.active = 1;
  ipc_link_session_report(session, IPC_STEP_ACCEPT, 0);
  return end(session, ipc_link_session_run(session), since);
}

/// Waits for a client. Errors: ECANCELED (a stop has ended the wait). A client that was welcomed, and is not served,
/// sees a reset.
static int accept_client(struct ipc_link_session *session) {
  int error;
  while ((error = ipc_link_accept(session->link, session->requests, -1)) == -ECANCELED) {
    ipc_link_session_poll_control(session);
    if (session->control.drain_deadline > 0)
      break;
  }
  if (error < 0)
    ipc_link_reset(session->link);
  return error < 0 && error != -ECANCELED ? ipc_link_session_report(session, IPC_STEP_ACCEPT, error) : error;
}

static int run(struct ipc_link_session *session) {
  for (;;) {
    int error = accept_client(session);
    if (error < 0)
      return error == -ECANCELED ? 0 : error;
    error = serve_client(session);
    if (error < 0 || !session->options->keep_open || session->control.drain_deadline > 0)
      return error;
  }
}

int ipc_link_serve(struct ipc_link *link, const struct ipc_service *service, const struct ipc_serve_options *options,
                   const struct ipc_observer *observer, struct ipc_failure *failure) {
  struct ipc_output printer;
  struct ipc_link_session session = {.link = link,
                                     .service = service,
                                     .options = options,
                                     .observer = observer,
                                     .failure = failure,
                                     .printer = &printer};
  IPC_CALL(session.requests, epoll_create1(EPOLL_CLOEXEC));
  if (session.requests < 0)
    return ipc_failure_record(failure, IPC_STEP_WAIT, session.requests, &link->endpoint);
  ipc_control_init(&session.control, options, observer, &link->endpoint);
  int error = ipc_control_watch(&session.control, session.requests);
  if (error == 0)
    error = ipc_heap_reserve();
  session.input = error == 0 ? malloc(2 * IPC_BUFFER_SIZE) : NULL;
  if (session.input) {
    session.output = session.input + IPC_BUFFER_SIZE;
    ipc_output_open(&printer, service->kind == IPC_MESSAGE ? options->output : -1);
    error = run(&session);
    ipc_output_close(&printer);
    free(session.input);
  } else
    error = ipc_failure_record(failure, IPC_STEP_WAIT, error < 0 ? error : -ENOMEM, &link->endpoint);
  ipc_close(session.requests);
  return error;
}
