/* Reports steps to an observer. */
#include "core.h"

int ipc_observer_notify(const struct ipc_observer *observer, enum ipc_step step, int descriptor, ssize_t result,
                        const struct ipc_endpoint *endpoint) {
  int error = result < 0 ? (int)result : 0;
  if (observer && (error < 0 || observer->steps & 1U << step)) {
    size_t count = result < 0 ? 0 : (size_t)result;
    struct ipc_event event = {
        .step = step, .descriptor = descriptor, .count = count, .endpoint = endpoint, .error = error, .failed = step};
    observer->event(observer->context, &event);
  }
  return error;
}
