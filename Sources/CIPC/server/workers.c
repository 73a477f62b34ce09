/* Workers: several loops, each in a thread of its own, with the stops, the status requests and the observer of one. */
#include "../socket/socket.h"
#include "loop.h"

#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <unistd.h>

struct worker {
  struct workers *all;
  pthread_t thread;
  bool runs;
  bool owes_counters;                           ///< the current status request waits for this worker's counters
  int stop[2], status_request[2];               ///< pipes: the ends to read from and to write to
  struct ipc_server servers[IPC_LISTENERS_MAX]; ///< with descriptors of its own, of listeners that are not lent
  size_t listeners;                             ///< of those, that were set
  struct ipc_serve_options options;
  struct ipc_observer observer;
};

struct workers {
  const struct ipc_service *service;
  const struct ipc_observer *_Nullable observer;
  struct ipc_output *output;
  struct worker *each;
  const struct ipc_server *servers; ///< `listeners` of them
  size_t listeners, failed;         ///< `failed` is the one that can't be shared, or 0
  int count;                        ///< of those that were started
  int done[2];                      ///< a pipe: each worker writes a byte when it has ended
  /// Serializes calls of the observer, and guards the workers' Booleans and what follows.
  pthread_mutex_t lock;
  struct ipc_counters gone; ///< of the workers that have ended
  struct ipc_counters sum;  ///< for the current status request
  int pending;              ///< workers that owe their counters
  int result;               ///< of the first worker that failed, or 0
  struct ipc_failure failure;
};

static void add(struct ipc_counters *sum, const struct ipc_counters *more) {
  sum->accepted += more->accepted;
  sum->refused += more->refused;
  sum->active += more->active;
  sum->failed += more->failed;
  sum->received += more->received;
  sum->sent += more->sent;
}

/// Adds a worker's counters, if it owes them. The last of them lets the observer have the sum.
static void collect(struct worker *worker, const struct ipc_event *event, const struct ipc_counters *counters) {
  struct workers *all = worker->all;
  if (!worker->owes_counters)
    return;
  worker->owes_counters = false;
  add(&all->sum, counters);
  if (--all->pending > 0)
    return;
  struct ipc_event report = *event;
  report.counters = &all->sum;
  all->observer->event(all->observer->context, &report);
}

/// Notifies the observer of an event that is no worker's.
static void notify(void *context, const struct ipc_event *event) {
  struct workers *all = context;
  pthread_mutex_lock(&all->lock);
  all->observer->event(all->observer->context, event);
  pthread_mutex_unlock(&all->lock);
}

/// Notifies the observer of a worker's event, but not of its stop: notify() has reported that one already.
static void forward_event(void *context, const struct ipc_event *event) {
  struct worker *worker = context;
  struct workers *all = worker->all;
  pthread_mutex_lock(&all->lock);
  if (event->step == IPC_STEP_STATUS_REQUEST)
    collect(worker, event, event->counters);
  else if (event->step != IPC_STEP_STOP)
    all->observer->event(all->observer->context, event);
  pthread_mutex_unlock(&all->lock);
}

static void *run(void *context) {
  struct worker *worker = context;
  struct workers *all = worker->all;
  struct ipc_counters counters = {0};
  struct ipc_failure failure = {0};
  int result = ipc_loop_serve(worker->servers, all->listeners, all->service, &worker->options,
                              all->observer ? &worker->observer : NULL, all->output, &failure, &counters);
  pthread_mutex_lock(&all->lock);
  struct ipc_event event = {.step = IPC_STEP_STATUS_REQUEST,
                            .descriptor = worker->options.status_request,
                            .endpoint = &worker->servers[0].endpoint};
  add(&all->gone, &counters);
  collect(worker, &event, &counters);
  worker->runs = false;
  if (result < 0 && all->result == 0) {
    all->result = result;
    all->failure = failure;
  }
  pthread_mutex_unlock(&all->lock);
  ipc_write(all->done[1], "", 1);
  return NULL;
}

/// Gives a worker the server's own listeners, or others at the same endpoints.
static int set_listeners(struct worker *worker, bool shares) {
  struct workers *all = worker->all;
  for (size_t i = 0; i < all->listeners; i++) {
    worker->servers[worker->listeners++] = all->servers[i];
    int error = shares ? ipc_server_share(&all->servers[i], &worker->servers[i]) : 0;
    all->failed = error < 0 ? i : 0;
    if (error < 0)
      return error;
  }
  return 0;
}

/// Starts the next worker. The first one uses the server's own listeners.
static int start(struct workers *all, const struct ipc_serve_options *options) {
  struct worker *worker = &all->each[all->count];
  worker->options = *options;
  if (options->limits.clients > 0) /* rounded up, so that each worker has room for a client */
    worker->options.limits.clients = (options->limits.clients + options->workers - 1) / options->workers;
  worker->observer = (struct ipc_observer){forward_event, worker, all->observer ? all->observer->steps : 0};
  int error;
  IPC_CALL(error, pipe2(worker->stop, O_CLOEXEC | O_NONBLOCK | O_DIRECT)); /* O_DIRECT: each read takes one stop */
  if (error < 0)
    return error;
  IPC_CALL(error, pipe2(worker->status_request, O_CLOEXEC | O_NONBLOCK));
  if (error == 0)
    error = set_listeners(worker, all->count > 0);
  worker->options.stop = worker->stop[0];
  worker->options.status_request = worker->status_request[0];
  if (error < 0)
    return error;
  worker->runs = true; /* before the thread exists: it sets this to false itself */
  error = -pthread_create(&worker->thread, NULL, run, worker);
  if (error < 0)
    worker->runs = false;
  return error;
}

static void stop_all(const struct workers *all) {
  for (int i = 0; i < all->count; i++)
    ipc_write(all->each[i].stop[1], "", 1);
}

/// Passes a status request on to the workers, unless they still work on the last one.
static void request_status(struct workers *all) {
  pthread_mutex_lock(&all->lock);
  if (all->pending == 0) {
    all->sum = all->gone;
    for (int i = 0; i < all->count; i++)
      if (all->each[i].runs) {
        all->each[i].owes_counters = true;
        all->pending++;
        ipc_write(all->each[i].status_request[1], "", 1);
      }
  }
  pthread_mutex_unlock(&all->lock);
}

static bool has_failed(struct workers *all) {
  pthread_mutex_lock(&all->lock);
  bool failed = all->result < 0;
  pthread_mutex_unlock(&all->lock);
  return failed;
}

/// Waits for stops, status requests and the workers' ends, and passes them on. If one worker fails, all end.
static int coordinate(struct workers *all, struct ipc_control *control) {
  bool failed = false;
  for (int ended = 0, ready; ended < all->count;) {
    struct pollfd set[] = {{.fd = control->stop, .events = POLLIN},
                           {.fd = control->status_request, .events = POLLIN},
                           {.fd = all->done[0], .events = POLLIN}};
    IPC_CALL(ready, poll(set, 3, -1));
    if (ready < 0)
      return ready;
    if (set[0].revents && ipc_control_take_stop(control, ipc_clock_now()) != IPC_CONTROL_NO_STOP)
      stop_all(all);
    if (set[1].revents && ipc_control_take_status_request(control))
      request_status(all);
    unsigned char byte;
    if (set[2].revents && ipc_read(all->done[0], &byte, 1) == 1)
      ended++;
    if (!failed && has_failed(all)) {
      failed = true;
      stop_all(all);
      stop_all(all); /* the second stop: without waiting for clients */
    }
  }
  return 0;
}

static void close_pipe(const int ends[2]) {
  for (int i = 0; i < 2; i++)
    if (ends[i] >= 0)
      ipc_close(ends[i]);
}

static void close_worker(const struct worker *worker) {
  close_pipe(worker->stop);
  close_pipe(worker->status_request);
  for (size_t i = 0; i < worker->listeners; i++)
    if (worker->servers[i].descriptor >= 0 && worker->servers[i].descriptor != worker->all->servers[i].descriptor)
      ipc_close(worker->servers[i].descriptor);
}

int ipc_workers_serve(const struct ipc_server *servers, size_t count, const struct ipc_service *service,
                      const struct ipc_serve_options *options, const struct ipc_observer *observer,
                      struct ipc_output *output, struct ipc_failure *failure) {
  struct workers all = {
      .service = service, .observer = observer, .output = output, .done = {-1, -1}, .lock = PTHREAD_MUTEX_INITIALIZER};
  all.servers = servers;
  all.listeners = count;
  struct ipc_observer serialized = {notify, &all, observer ? observer->steps : 0};
  struct ipc_control control;
  ipc_control_init(&control, options, observer ? &serialized : NULL, &servers[0].endpoint);
  mallopt(M_ARENA_MAX, 1); /* a thread without room for a heap of its own would not use the reserve of the first one */
  all.each = ipc_heap_reserve() == 0 ? calloc((size_t)options->workers, sizeof *all.each) : NULL;
  if (!all.each)
    return ipc_failure_record(failure, IPC_STEP_RECEIVE, -ENOMEM, NULL);
  for (int i = 0; i < options->workers; i++)
    all.each[i] = (struct worker){.all = &all, .stop = {-1, -1}, .status_request = {-1, -1}};
  int error;
  IPC_CALL(error, pipe2(all.done, O_CLOEXEC));
  while (error == 0 && all.count < options->workers) {
    error = start(&all, options);
    all.count += error == 0;
  }
  if (error < 0)
    ipc_failure_record(failure, IPC_STEP_LISTEN, error, &servers[all.failed].endpoint);
  else if ((error = coordinate(&all, &control)) < 0)
    ipc_failure_record(failure, IPC_STEP_WAIT, error, &servers[0].endpoint);
  for (int stops = 0; error < 0 && stops < 2; stops++) /* two stops: without waiting for clients */
    stop_all(&all);
  for (int i = 0; i < all.count; i++)
    pthread_join(all.each[i].thread, NULL);
  if (error == 0 && (error = all.result) < 0)
    *failure = all.failure;
  for (int i = 0; i < options->workers; i++)
    close_worker(&all.each[i]);
  close_pipe(all.done);
  free(all.each);
  return error;
}
