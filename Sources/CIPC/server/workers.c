/* A crew: several loops, a thread each, behind one stop, one notice and one observer. */
#include "loop.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

struct crew;

struct worker {
  struct crew *crew;
  pthread_t thread;
  bool runs;
  bool asked;                     ///< for its counters, and has not told them yet
  int stop[2], status_request[2]; ///< pipes, ends to read from and to write to
  struct ipc_server server;       ///< TCP: a listener of its own
  struct ipc_serve_options serving;
  struct ipc_observer observer;
  struct ipc_failure failure;
  int result;
};

struct crew {
  const struct ipc_service *service;
  const struct ipc_observer *_Nullable observer;
  pthread_mutex_t lock; ///< of what follows, and so that the observer is called by one thread at a time
  struct ipc_counters gone, census;
  int pending; ///< workers that are asked for their counters
  int done[2]; ///< a pipe: a byte from each worker that has ended
};

static void add(struct ipc_counters *sum, const struct ipc_counters *more) {
  sum->accepted += more->accepted;
  sum->refused += more->refused;
  sum->active += more->active;
  sum->failed += more->failed;
  sum->received += more->received;
  sum->sent += more->sent;
}

/// The crew's counters are told once the last worker that was asked has told its own.
static void count(struct worker *worker, const struct ipc_event *event, const struct ipc_counters *counters) {
  struct crew *crew = worker->crew;
  if (!worker->asked)
    return;
  worker->asked = false;
  add(&crew->census, counters);
  if (--crew->pending > 0)
    return;
  struct ipc_event all = *event;
  all.counters = &crew->census;
  crew->observer->event(crew->observer->context, &all);
}

/// Notifies the observer of the crew's own events: one thread at a time.
static void notify(void *context, const struct ipc_event *event) {
  struct crew *crew = context;
  pthread_mutex_lock(&crew->lock);
  crew->observer->event(crew->observer->context, event);
  pthread_mutex_unlock(&crew->lock);
}

static void hear(void *context, const struct ipc_event *event) {
  struct worker *worker = context;
  struct crew *crew = worker->crew;
  pthread_mutex_lock(&crew->lock);
  if (event->step == IPC_STEP_STATUS_REQUEST)
    count(worker, event, event->counters);
  else if (event->step != IPC_STEP_STOP) /* the crew's own is told, once */
    crew->observer->event(crew->observer->context, event);
  pthread_mutex_unlock(&crew->lock);
}

static void *work(void *context) {
  struct worker *worker = context;
  struct crew *crew = worker->crew;
  struct ipc_counters counters = {0};
  worker->result = ipc_loop_serve(&worker->server, crew->service, &worker->serving,
                                  crew->observer ? &worker->observer : NULL, &worker->failure, &counters);
  pthread_mutex_lock(&crew->lock);
  struct ipc_event event = {.step = IPC_STEP_STATUS_REQUEST,
                            .descriptor = worker->serving.status_request,
                            .endpoint = &worker->server.endpoint};
  add(&crew->gone, &counters);
  count(worker, &event, &counters);
  worker->runs = false;
  pthread_mutex_unlock(&crew->lock);
  ipc_write(crew->done[1], "", 1);
  return NULL;
}

/// A listener at the same endpoint: the kernel spreads clients over them (SO_REUSEPORT, socket(7)). It is set on the
/// first one only now, so that another server at the same port was refused.
static int share_listener(const struct ipc_server *server, struct ipc_server *share) {
  const int on = 1;
  *share = *server;
  share->has_file = false;
  if (server->endpoint.transport != IPC_TCP || server->lent)
    return 0;
  int error;
  IPC_CALL(error, setsockopt(server->descriptor, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on));
  share->descriptor = error < 0 ? error : ipc_create(&server->endpoint);
  if (share->descriptor < 0)
    return share->descriptor;
  IPC_CALL(error, setsockopt(share->descriptor, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on));
  if (error == 0)
    error = ipc_bind(share->descriptor, &server->endpoint);
  if (error == 0)
    error = ipc_listen(share->descriptor, server->backlog);
  if (error < 0) {
    ipc_close(share->descriptor);
    share->descriptor = -1;
  }
  return error;
}

static int start(struct crew *crew, struct worker *worker, const struct ipc_server *server,
                 const struct ipc_serve_options *serving, bool first) {
  worker->crew = crew;
  worker->serving = *serving;
  if (serving->limits.clients > 0) /* rounded up, so that none is left without a place */
    worker->serving.limits.clients = (serving->limits.clients + serving->workers - 1) / serving->workers;
  worker->observer = (struct ipc_observer){hear, worker, crew->observer ? crew->observer->steps : 0};
  worker->server = *server;
  int error;
  IPC_CALL(error, pipe2(worker->stop, O_CLOEXEC | O_NONBLOCK | O_DIRECT)); /* two stops are two, read one by one */
  if (error < 0)
    return error;
  IPC_CALL(error, pipe2(worker->status_request, O_CLOEXEC | O_NONBLOCK));
  if (error == 0 && !first)
    error = share_listener(server, &worker->server);
  worker->serving.stop = worker->stop[0];
  worker->serving.status_request = worker->status_request[0];
  if (error < 0)
    return error;
  worker->runs = true; /* before it starts: it says itself when it has ended */
  error = -pthread_create(&worker->thread, NULL, work, worker);
  if (error < 0)
    worker->runs = false;
  return error;
}

static void stop_all(struct worker *workers, int count) {
  for (int i = 0; i < count; i++)
    ipc_write(workers[i].stop[1], "", 1);
}

static void ask_all(struct crew *crew, struct worker *workers, int count) {
  pthread_mutex_lock(&crew->lock);
  if (crew->pending == 0) {
    crew->census = crew->gone;
    for (int i = 0; i < count; i++)
      if (workers[i].runs) {
        workers[i].asked = true;
        crew->pending++;
        ipc_write(workers[i].status_request[1], "", 1);
      }
  }
  pthread_mutex_unlock(&crew->lock);
}

/// A worker that fails ends the others at once.
static bool has_failed(struct crew *crew, const struct worker *workers, int count) {
  bool failed = false;
  pthread_mutex_lock(&crew->lock);
  for (int i = 0; i < count && !failed; i++)
    failed = !workers[i].runs && workers[i].result < 0;
  pthread_mutex_unlock(&crew->lock);
  return failed;
}

/// Waits for a stop, a status request or a worker's end, and passes it on.
static int coordinate(struct crew *crew, struct worker *workers, int count, struct ipc_control *control) {
  bool failed = false;
  for (int ended = 0; ended < count;) {
    struct pollfd set[] = {{.fd = control->stop, .events = POLLIN},
                           {.fd = control->status_request, .events = POLLIN},
                           {.fd = crew->done[0], .events = POLLIN}};
    int ready;
    IPC_CALL(ready, poll(set, 3, -1));
    if (ready < 0)
      return ready;
    if (set[0].revents && ipc_control_take_stop(control, ipc_now_ms()) != IPC_CONTROL_NO_STOP)
      stop_all(workers, count);
    if (set[1].revents && ipc_control_take_status_request(control))
      ask_all(crew, workers, count);
    unsigned char byte;
    if (set[2].revents && ipc_read(crew->done[0], &byte, 1) == 1)
      ended++;
    if (!failed && has_failed(crew, workers, count)) {
      failed = true;
      stop_all(workers, count);
      stop_all(workers, count); /* and without waiting for their clients */
    }
  }
  return 0;
}

static void close_pipe(const int ends[2]) {
  for (int i = 0; i < 2; i++)
    if (ends[i] >= 0)
      ipc_close(ends[i]);
}

static void leave(struct worker *worker, const struct ipc_server *server) {
  close_pipe(worker->stop);
  close_pipe(worker->status_request);
  if (worker->server.descriptor >= 0 && worker->server.descriptor != server->descriptor)
    ipc_close(worker->server.descriptor);
}

int ipc_crew_serve(const struct ipc_server *server, const struct ipc_service *service,
                   const struct ipc_serve_options *serving, const struct ipc_observer *observer,
                   struct ipc_failure *failure) {
  struct crew crew = {.service = service, .observer = observer, .lock = PTHREAD_MUTEX_INITIALIZER, .done = {-1, -1}};
  struct worker *workers = calloc((size_t)serving->workers, sizeof *workers);
  if (!workers)
    return ipc_failure_record(failure, IPC_STEP_RECEIVE, -ENOMEM, NULL);
  struct ipc_observer serialized = {notify, &crew, observer ? observer->steps : 0};
  struct ipc_control control;
  ipc_control_init(&control, serving, observer ? &serialized : NULL, &server->endpoint);
  int error, started = 0;
  IPC_CALL(error, pipe2(crew.done, O_CLOEXEC));
  for (int i = 0; i < serving->workers; i++) {
    workers[i].stop[0] = workers[i].stop[1] = workers[i].status_request[0] = workers[i].status_request[1] = -1;
    workers[i].server.descriptor = -1;
  }
  while (error == 0 && started < serving->workers) {
    error = start(&crew, &workers[started], server, serving, started == 0);
    started += error == 0;
  }
  if (error < 0)
    ipc_failure_record(failure, IPC_STEP_LISTEN, error, &server->endpoint);
  else if ((error = coordinate(&crew, workers, started, &control)) < 0)
    ipc_failure_record(failure, IPC_STEP_WAIT, error, &server->endpoint);
  for (int stops = 0; error < 0 && stops < 2; stops++) /* without waiting for their clients */
    stop_all(workers, started);
  for (int i = 0; i < started; i++) {
    pthread_join(workers[i].thread, NULL);
    if (error == 0 && workers[i].result < 0) {
      error = workers[i].result;
      *failure = workers[i].failure;
    }
  }
  for (int i = 0; i < serving->workers; i++)
    leave(&workers[i], server);
  close_pipe(crew.done);
  free(workers);
  return error;
}
