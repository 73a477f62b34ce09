/* A session: one client of a link and its service. */
#include "link_session.h"

enum { BUSY = 64 }; /* steps without a wait, after which stop and status requests are read */

int ipc_link_session_report(struct ipc_link_session *session, enum ipc_step step, ssize_t result) {
  const struct ipc_link *link = session->link;
  ipc_observer_notify(session->observer, step, link->rendezvous, result, &link->endpoint);
  return result < 0 ? ipc_failure_record(session->failure, step, result, &link->endpoint) : 0;
}

void ipc_link_session_poll_control(struct ipc_link_session *session) {
  int64_t now = ipc_clock_now();
  if (ipc_control_poll(&session->control, now)) {
    struct ipc_counters counters = session->counters;
    counters.received += session->received;
    counters.sent += session->sent;
    ipc_control_report(&session->control, &counters);
  }
  session->is_over = ipc_control_is_over(&session->control, now);
  if (session->control.drain_deadline > 0 && !session->is_over)
    session->link->ops->remove_names(session->link);
}

/// When the client's time, the time that a stop left, or this idle time is over.
static struct ipc_deadline deadline(const struct ipc_link_session *session, int idle_ms) {
  const struct ipc_client_limits *limits = &session->options->limits;
  int64_t first = session->control.drain_deadline > 0 ? session->control.drain_deadline : INT64_MAX;
  if (idle_ms > 0 && session->active + idle_ms < first)
    first = session->active + idle_ms;
  if (limits->time_ms > 0 && session->since + limits->time_ms < first)
    first = session->since + limits->time_ms;
  return first == INT64_MAX ? ipc_clock_end(-1) : ipc_clock_at(first);
}

/// Errors: ETIMEDOUT (the client has used up its time).
static int check_time(struct ipc_link_session *session) {
  int time = session->options->limits.time_ms;
  bool is_over = time > 0 && session->since + time <= ipc_clock_now();
  return is_over ? ipc_link_session_report(session, IPC_STEP_TIME_LIMIT, -ETIMEDOUT) : 0;
}

/// Waits until the client is ready. Errors: ECANCELED (a stop ends the session).
static int wait_until_ready(struct ipc_link_session *session, int events) {
  int idle_ms = session->options->limits.idle_ms;
  session->steps = 0;
  while (!session->is_over) {
    int ready =
        ipc_link_wait(session->link, events, session->requests, ipc_clock_remaining(deadline(session, idle_ms)));
    if (ready == -ETIMEDOUT && ipc_control_is_over(&session->control, ipc_clock_now()))
      return -ECANCELED;
    int error = ready == -ETIMEDOUT ? check_time(session) : 0;
    if (error < 0)
      return error;
    if (ready < 0)
      return ipc_link_session_report(session, IPC_STEP_WAIT, ready);
    if (ready & IPC_EXTRA)
      ipc_link_session_poll_control(session);
    if (ready & ~IPC_EXTRA)
      return session->is_over ? -ECANCELED : 0;
  }
  return -ECANCELED;
}

/// A client that is always ready must not delay the handling of a stop. Errors: ECANCELED.
static int count_step(struct ipc_link_session *session) {
  if (++session->steps >= BUSY) {
    session->steps = 0;
    ipc_link_session_poll_control(session);
  }
  return session->is_over ? -ECANCELED : 0;
}

/// To be called after the client moved bytes. Errors: ETIMEDOUT (for longer than it may).
static int touch(struct ipc_link_session *session) {
  session->active = ipc_clock_now();
  return check_time(session);
}

static int send_all(struct ipc_link_session *session, const unsigned char *bytes, size_t length) {
  int error = 0;
  for (size_t sent = 0; error == 0 && sent < length;) {
    ssize_t count = ipc_link_send(session->link, bytes + sent, length - sent);
    if (count == -EAGAIN) {
      error = wait_until_ready(session, IPC_WRITABLE);
      continue;
    }
    ipc_link_session_report(session, IPC_STEP_SEND, count);
    if (count < 0)
      return (int)count;
    sent += (size_t)count;
    session->sent += (uint64_t)count;
    error = touch(session);
    if (error == 0)
      error = count_step(session);
  }
  return error;
}

/// Waits until the server's output takes more. The client is not idle meanwhile: the server keeps it waiting.
static int wait_for_output(struct ipc_link_session *session) {
  int ready = ipc_wait(session->printer->descriptor, IPC_WRITABLE, session->requests,
                       ipc_clock_remaining(deadline(session, 0)));
  session->active = ipc_clock_now();
  if (ready == -ECANCELED)
    ipc_link_session_poll_control(session);
  session->is_over |= ready == -ETIMEDOUT && ipc_control_is_over(&session->control, ipc_clock_now());
  if (session->is_over)
    return -ECANCELED;
  int error = ready == -ETIMEDOUT ? check_time(session) : 0;
  if (error == 0 && ready < 0 && ready != -ECANCELED)
    error = ipc_link_session_report(session, IPC_STEP_WAIT, ready);
  return error;
}

static int print(struct ipc_link_session *session, size_t length) {
  char text[IPC_OUTPUT_LINE_MAX];
  ssize_t count = ipc_message_text(session->input, length, text, sizeof text);
  uint64_t line = 0;
  int error, waited;
  while ((error = ipc_output_print(session->printer, text, (size_t)count, &line)) == -EAGAIN)
    if ((waited = wait_for_output(session)) < 0)
      return waited;
  ipc_observer_notify(session->observer, IPC_STEP_OUTPUT, session->printer->number, error < 0 ? error : count, NULL);
  return error < 0 ? ipc_failure_record(session->failure, IPC_STEP_OUTPUT, error, NULL) : 0;
}

/// Receives behind the input that was kept. If there is none, waits for more or, if `waits` is false, returns 0.
static int receive_more(struct ipc_link_session *session, size_t *length, bool *has_ended, bool waits) {
  size_t most = ipc_service_input_room(session->service, ipc_link_session_room(session), IPC_BUFFER_SIZE - *length);
  for (;;) {
    ssize_t count = ipc_link_receive(session->link, session->input + *length, most > 0 ? most : 1);
    if (count == -EAGAIN) {
      int error = waits ? wait_until_ready(session, IPC_READABLE) : 0;
      if (error < 0 || !waits)
        return error;
      continue;
    }
    if (most == 0 && count > 0)
      return ipc_link_session_report(session, IPC_STEP_RECEIVE, -EFBIG);
    ipc_link_session_report(session, IPC_STEP_RECEIVE, count);
    if (count < 0)
      return (int)count;
    *length += (size_t)count;
    *has_ended = count == 0;
    session->received += (uint64_t)count;
    if (count == 0)
      return 0;
    int error = touch(session);
    return error < 0 ? error : count_step(session);
  }
}

/// A stop ends it without an error: all is sent, and the end of the conversation follows.
static int half_close(struct ipc_link_session *session) {
  int error;
  while ((error = ipc_link_half_close(session->link)) == -EAGAIN)
    if ((error = wait_until_ready(session, IPC_WRITABLE)) < 0)
      return error == -ECANCELED ? 0 : error;
  return error < 0 ? ipc_link_session_report(session, IPC_STEP_HALF_CLOSE, error) : 0;
}

/// Whether a session that a stop ended was between two requests: `end` bytes are sent, and no byte waits for an answer.
static bool is_idle(struct ipc_link_session *session, enum ipc_service_next next, uint64_t end, size_t kept) {
  if (session->sent < end || next == IPC_NEXT_OUTPUT)
    return false;
  return next == IPC_NEXT_END || (kept == 0 && ipc_link_receive(session->link, session->input, 1) <= 0);
}

int ipc_link_session_run(struct ipc_link_session *session) {
  const struct ipc_service *service = session->service;
  unsigned char *input = session->input, *output = session->output;
  bool has_ended = false;
  size_t length = 0;
  for (;;) {
    struct ipc_service_result result;
    int64_t left = ipc_link_session_room(session);
    ipc_service_step(service, session->sent, input, length, has_ended, output, IPC_BUFFER_SIZE, &result);
    ipc_service_fit(service, left, &result);
    bool exceeds = ipc_service_lacks_room(&result, left, length - result.consumed);
    uint64_t end = session->sent + result.produced;
    int error = 0;
    if (result.cut)
      ipc_link_session_report(session, IPC_STEP_RECEIVE, -EMSGSIZE);
    if (result.prints)
      error = exceeds ? ipc_link_session_report(session, IPC_STEP_RECEIVE, -EFBIG) : print(session, result.consumed);
    if (error == 0)
      error = send_all(session, result.echoes ? input : output, result.produced);
    if (error == 0 && exceeds)
      error = ipc_link_session_report(session, IPC_STEP_RECEIVE, -EFBIG);
    if (error == 0 && result.next == IPC_NEXT_END)
      return half_close(session);
    length -= result.consumed;
    memmove(input, input + result.consumed, length);
    if (error == 0 && !has_ended && (result.next == IPC_NEXT_INPUT || service->kind == IPC_CHARGEN))
      error = receive_more(session, &length, &has_ended, result.next == IPC_NEXT_INPUT);
    if (error == -ECANCELED && is_idle(session, result.next, end, length))
      return 0;
    if (error < 0)
      return error;
  }
}
