/* The loop: waits for whatever may happen, and makes each session take its step. */
#include "loop.h"

#include <sys/epoll.h>

enum {
  EVENTS = 256, ///< returned by one wait
  ACCEPTS = 64, ///< clients accepted in a row, before the sessions take their steps
};

/// What epoll(7) returns for the output. Sessions have tokens of 32 bits.
static const uint64_t OUTPUT = UINT64_MAX;

/// Watches the output only while a session waits for it, as it is writable most of the time.
static int watch_output(struct ipc_loop *loop) {
  bool watches = ipc_session_table_oldest(&loop->table, IPC_SESSIONS_PRINTING) != IPC_SESSION_NONE;
  if (watches == loop->is_watching_output)
    return 0;
  struct epoll_event event = {.events = EPOLLOUT, .data.u64 = OUTPUT};
  loop->is_watching_output = watches;
  int operation = watches ? EPOLL_CTL_ADD : EPOLL_CTL_DEL;
  int error;
  IPC_CALL(error, epoll_ctl(loop->epoll, operation, loop->shared.output->descriptor, &event));
  return error;
}

/// Milliseconds until something is due without an event, or -1.
static int timeout(const struct ipc_loop *loop) {
  const struct ipc_session *sessions = loop->table.sessions;
  uint32_t served = ipc_session_table_oldest(&loop->table, IPC_SESSIONS_SERVED);
  uint32_t lingering = ipc_session_table_oldest(&loop->table, IPC_SESSIONS_LINGERING);
  int64_t next = INT64_MAX;
  int idle = loop->options->limits.idle_ms;
  if (idle > 0 && served != IPC_SESSION_NONE)
    next = sessions[served].active + idle;
  int time = loop->options->limits.time_ms;
  uint32_t accepted = loop->table.accepted.first;
  if (time > 0 && accepted != IPC_SESSION_NONE && sessions[accepted].since + time < next)
    next = sessions[accepted].since + time;
  if (lingering != IPC_SESSION_NONE && sessions[lingering].active + IPC_LINGER_MS < next)
    next = sessions[lingering].active + IPC_LINGER_MS;
  for (uint32_t i = 0; i < loop->listener_count; i++)
    if (loop->listeners[i].resume > 0 && loop->listeners[i].resume < next)
      next = loop->listeners[i].resume;
  if (loop->control.drain_deadline > 0 && loop->control.drain_deadline < next)
    next = loop->control.drain_deadline;
  if (next == INT64_MAX)
    return -1;
  return next > loop->now ? (int)(next - loop->now) : 0;
}

/// A session whose client has moved no byte for too long, or IPC_SESSION_NONE.
static uint32_t overdue(const struct ipc_loop *loop) {
  int idle = loop->options->limits.idle_ms;
  uint32_t first = ipc_session_table_oldest(&loop->table, IPC_SESSIONS_SERVED);
  bool is_overdue = idle > 0 && first != IPC_SESSION_NONE && loop->table.sessions[first].active + idle <= loop->now;
  return is_overdue ? first : IPC_SESSION_NONE;
}

/// Closes the sessions that have used up their time, which is a failure.
static int expire_time(struct ipc_loop *loop) {
  const struct ipc_session_table *table = &loop->table;
  int error = 0, time = loop->options->limits.time_ms;
  while (error == 0 && time > 0 && table->accepted.first != IPC_SESSION_NONE &&
         table->sessions[table->accepted.first].since + time <= loop->now) {
    uint32_t index = table->accepted.first;
    int failure = ipc_session_notify(&table->sessions[index], &loop->shared, IPC_STEP_TIME_LIMIT, -ETIMEDOUT);
    error = ipc_session_lifecycle_close(loop, index, failure);
  }
  return error;
}

/// Closes the sessions that lingered long enough, and those that were idle for too long, which is a failure. An idle
/// session takes a last step first: its client may have sent while the loop was busy with others.
static int expire(struct ipc_loop *loop) {
  const struct ipc_session_table *table = &loop->table;
  int error = expire_time(loop);
  uint32_t index;
  while (error == 0 && (index = ipc_session_table_oldest(table, IPC_SESSIONS_LINGERING)) != IPC_SESSION_NONE &&
         table->sessions[index].active + IPC_LINGER_MS <= loop->now)
    error = ipc_session_lifecycle_close(loop, index, 0);
  while (error == 0 && (index = overdue(loop)) != IPC_SESSION_NONE) {
    error = ipc_session_lifecycle_step(loop, index, table->sessions[index].events);
    if (error < 0 || overdue(loop) != index)
      continue;
    int failure = ipc_session_notify(&table->sessions[index], &loop->shared, IPC_STEP_WAIT, -ETIMEDOUT);
    error = ipc_session_lifecycle_close(loop, index, failure);
  }
  return error;
}

static void close_all(struct ipc_loop *loop, bool failed) {
  for (uint32_t i = 0; i < loop->table.used; i++) {
    if (loop->table.sessions[i].descriptor < 0)
      continue;
    if (failed)
      ipc_session_lifecycle_abort(loop, i);
    else
      ipc_session_lifecycle_stop(loop, i);
  }
}

/// Clients in a backlog are connected, and may have sent: the loop accepts them before the listener refuses others. A
/// lent listener refuses nobody: the next server accepts them.
static int end_accepting(struct ipc_loop *loop) {
  const struct ipc_server *servers = loop->shared.servers;
  int error = 0;
  for (uint32_t i = 0; i < loop->listener_count && error == 0; i++)
    if (!servers[i].lent)
      error = ipc_admission_accept(loop, i, IPC_LAST_ACCEPTS);
  loop->accepts = false;
  if (error == 0 && (error = ipc_admission_watch(loop)) < 0)
    ipc_failure_record(loop->shared.failure, IPC_STEP_WAIT, error, &servers[0].endpoint);
  for (uint32_t i = 0; i < loop->listener_count; i++) {
    if (servers[i].lent)
      continue;
    ipc_admission_refuse(loop, i);
    ipc_server_refuse(&servers[i], loop->epoll);
  }
  return error;
}

/// The first stop ends accepting; a second one, or one without time to drain, ends serving.
static int take_stop(struct ipc_loop *loop) {
  enum ipc_control_stop stop = ipc_control_take_stop(&loop->control, loop->now);
  if (stop == IPC_CONTROL_DRAIN)
    return end_accepting(loop);
  for (uint32_t i = 0; stop == IPC_CONTROL_END && loop->accepts && i < loop->listener_count; i++)
    if (!loop->shared.servers[i].lent)
      ipc_admission_refuse(loop, i);
  return 0;
}

static void take_status_request(struct ipc_loop *loop) {
  if (!ipc_control_take_status_request(&loop->control))
    return;
  struct ipc_counters counters = loop->counters;
  counters.active = loop->table.count;
  for (uint32_t i = 0; i < loop->table.used; i++) {
    counters.received += loop->table.sessions[i].received; /* 0 in a free slot */
    counters.sent += loop->table.sessions[i].sent;
  }
  ipc_control_report(&loop->control, &counters);
}

/// Makes the sessions that wait for the output print, the longest wait first, until it takes no more.
static int take_output(struct ipc_loop *loop) {
  uint32_t index;
  while ((index = ipc_session_table_oldest(&loop->table, IPC_SESSIONS_PRINTING)) != IPC_SESSION_NONE) {
    int error = ipc_session_lifecycle_step(loop, index, 0);
    if (error < 0 || ipc_session_table_oldest(&loop->table, IPC_SESSIONS_PRINTING) == index)
      return error;
  }
  return 0;
}

static int take_event(struct ipc_loop *loop, const struct epoll_event *event) {
  uint64_t token = event->data.u64;
  if (token <= UINT32_MAX)
    return ipc_session_lifecycle_step(loop, (uint32_t)token, event->events);
  if (token == OUTPUT)
    return take_output(loop);
  if (token == IPC_CONTROL_STOP_TOKEN)
    return take_stop(loop);
  if (token == IPC_CONTROL_STATUS_TOKEN) {
    take_status_request(loop);
    return 0;
  }
  uint32_t listener = (uint32_t)(token - IPC_LISTENER_TOKEN);
  /* Another one's shortage may have paused it since the wait. */
  return loop->listeners[listener].resume > 0 ? 0 : ipc_admission_accept(loop, listener, ACCEPTS);
}

static int run(struct ipc_loop *loop) {
  struct epoll_event events[EVENTS];
  int error = loop->shared.servers[0].connected ? ipc_admission_take(loop) : 0;
  while (error == 0 && (loop->accepts || loop->table.count > 0) && !ipc_control_is_over(&loop->control, loop->now)) {
    int count = 0;
    error = ipc_admission_watch(loop);
    if (error == 0)
      error = watch_output(loop);
    if (error == 0) {
      count = (int)ipc_result(epoll_wait(loop->epoll, events, EVENTS, timeout(loop)));
      error = count < 0 && count != -EINTR ? count : 0;
    }
    if (error < 0)
      return ipc_failure_record(loop->shared.failure, IPC_STEP_WAIT, error, &loop->shared.servers[0].endpoint);
    loop->now = ipc_clock_now();
    for (int i = 0; i < count && error == 0; i++)
      error = take_event(loop, &events[i]);
    if (error == 0)
      error = expire(loop);
  }
  return error;
}

int ipc_loop_serve(const struct ipc_server *servers, size_t count, const struct ipc_service *service,
                   const struct ipc_serve_options *options, const struct ipc_observer *observer,
                   struct ipc_output *output, struct ipc_failure *failure, struct ipc_counters *counters) {
  const struct ipc_endpoint *endpoint = &servers[0].endpoint;
  unsigned char *buffers = malloc(2 * IPC_BUFFER_SIZE);
  if (!buffers || ipc_heap_reserve() < 0) {
    free(buffers);
    return ipc_failure_record(failure, IPC_STEP_RECEIVE, -ENOMEM, NULL);
  }
  struct ipc_loop loop = {.options = options,
                          .listener_count = (uint32_t)count,
                          .shared = {.servers = servers,
                                     .service = service,
                                     .options = options,
                                     .observer = observer,
                                     .failure = failure,
                                     .output = output,
                                     .input = buffers,
                                     .reply = buffers + IPC_BUFFER_SIZE},
                          .now = ipc_clock_now(),
                          .accepts = true};
  ipc_session_table_init(&loop.table, options->limits.clients_per_address > 0);
  ipc_control_init(&loop.control, options, observer, endpoint);
  int error;
  IPC_CALL(loop.epoll, epoll_create1(EPOLL_CLOEXEC));
  error = loop.epoll < 0 ? loop.epoll : ipc_control_watch(&loop.control, loop.epoll);
  error = error < 0 ? ipc_failure_record(failure, IPC_STEP_WAIT, error, endpoint) : run(&loop);
  close_all(&loop, error < 0);
  if (loop.epoll >= 0)
    ipc_close(loop.epoll);
  *counters = loop.counters;
  ipc_session_table_deinit(&loop.table);
  free(buffers);
  return error;
}
