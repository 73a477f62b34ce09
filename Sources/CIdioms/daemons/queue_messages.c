#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>

/// Creates a queue, such as "/jobs", of 8 messages of at most 64 bytes. Its
/// calls do not block. Returns its descriptor, or a negative errno: -EEXIST
/// if it exists.
int create_queue(const char *name) {
  struct mq_attr attributes = {.mq_maxmsg = 8, .mq_msgsize = 64};
  int flags = O_RDWR | O_CREAT | O_EXCL | O_NONBLOCK | O_CLOEXEC;
  mqd_t queue = mq_open(name, flags, 0600, &attributes);
  return queue < 0 ? -errno : queue;
}

/// Sends a message. Returns 0, or a negative errno: -EAGAIN if the queue is
/// full, -EMSGSIZE if the message is too long.
int queue_message(int queue, const void *bytes, size_t count,
                  unsigned priority) {
  return mq_send(queue, bytes, count, priority) < 0 ? -errno : 0;
}

/// Receives the oldest message of the highest priority. Returns its length,
/// or a negative errno: -EAGAIN if no message waits.
ssize_t next_message(int queue, void *bytes, unsigned *priority) {
  // The size is that of the longest possible message, not of this one.
  ssize_t n = mq_receive(queue, bytes, 64, priority);
  return n < 0 ? -errno : n;
}
