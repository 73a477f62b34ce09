/* Stop and status requests: reads them, keeps the deadline that a stop sets, and notifies the observer. */
#include "control.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>

void ipc_control_init(struct ipc_control *control, const struct ipc_serve_options *options,
                      const struct ipc_observer *observer, const struct ipc_endpoint *endpoint) {
  *control = (struct ipc_control){.observer = observer,
                                  .endpoint = endpoint,
                                  .drain_ms = options->drain_ms,
                                  .stop = options->stop,
                                  .status_request = options->status_request,
                                  .epoll = -1};
}

static int watch(int epoll, int descriptor, uint64_t token) {
  struct epoll_event event = {.events = EPOLLIN, .data.u64 = token};
  int error = 0;
  if (descriptor >= 0)
    IPC_CALL(error, epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event));
  return error;
}

int ipc_control_watch(struct ipc_control *control, int epoll) {
  control->epoll = epoll;
  int error = watch(epoll, control->stop, IPC_CONTROL_STOP_TOKEN);
  return error < 0 ? error : watch(epoll, control->status_request, IPC_CONTROL_STATUS_TOKEN);
}

static void unwatch(const struct ipc_control *control, int *descriptor) {
  if (control->epoll >= 0)
    epoll_ctl(control->epoll, EPOLL_CTL_DEL, *descriptor, NULL);
  *descriptor = -1;
}

/// Reads one signal of a signalfd(2); of a pipe or a socket, what is there, but no more than that.
static ssize_t read_request(int descriptor) {
  struct signalfd_siginfo request;
  return ipc_read(descriptor, &request, sizeof request);
}

enum ipc_control_stop ipc_control_take_stop(struct ipc_control *control, int64_t now) {
  if (read_request(control->stop) == -EAGAIN)
    return IPC_CONTROL_NO_STOP;
  ipc_observer_notify(control->observer, IPC_STEP_STOP, control->stop, 0, control->endpoint);
  bool drains = control->drain_deadline == 0 && control->drain_ms > 0;
  control->drain_deadline = drains ? now + control->drain_ms : now;
  if (drains)
    return IPC_CONTROL_DRAIN;
  unwatch(control, &control->stop); /* a descriptor that has ended stays readable */
  return IPC_CONTROL_END;
}

bool ipc_control_take_status_request(struct ipc_control *control) {
  ssize_t count = read_request(control->status_request);
  if (count != -EAGAIN && count <= 0) /* nobody can send a request any more, but it would stay readable */
    unwatch(control, &control->status_request);
  return count > 0 && control->observer;
}

bool ipc_control_poll(struct ipc_control *control, int64_t now) {
  struct pollfd set[] = {{.fd = control->stop, .events = POLLIN}, {.fd = control->status_request, .events = POLLIN}};
  int ready;
  IPC_CALL(ready, poll(set, 2, 0));
  if (ready > 0 && set[0].revents)
    ipc_control_take_stop(control, now);
  return ready > 0 && set[1].revents && ipc_control_take_status_request(control);
}

void ipc_control_report(const struct ipc_control *control, const struct ipc_counters *counters) {
  struct ipc_event event = {.step = IPC_STEP_STATUS_REQUEST,
                            .descriptor = control->status_request,
                            .endpoint = control->endpoint,
                            .counters = counters};
  if (control->observer)
    control->observer->event(control->observer->context, &event);
}
