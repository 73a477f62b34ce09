/* What a queue is made of: named queues, and messages with a head. */
#include "link_internal.h"

#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

struct ipc_post_name ipc_post_name(const struct ipc_link *link, const char *suffix) {
  struct ipc_post_name name;
  snprintf(name.text, sizeof name.text, "%s%s", link->endpoint.name, suffix);
  return name;
}

/* ---- Messages -------------------------------------------------------------------------------------------------- */

/// Where a message to send is made: behind the one that came.
static unsigned char *outgoing(const struct ipc_link *link) { return link->buffer + link->sizes.message; }

int ipc_post_send(struct ipc_link *link, enum ipc_message_kind kind, const void *bytes, size_t length) {
  struct ipc_message_head head = {IPC_QUEUE_MAGIC, IPC_LINK_VERSION, (uint16_t)kind, link->turn};
  memcpy(outgoing(link), &head, IPC_POST_HEAD);
  if (length > 0)
    memcpy(outgoing(link) + IPC_POST_HEAD, bytes, length);
  int error;
  IPC_CALL(error, mq_send(link->out, (const char *)outgoing(link), IPC_POST_HEAD + length, 0));
  return error;
}

/// Receives a message whose head is as it must be; its kind.
int ipc_post_receive(struct ipc_link *link, struct ipc_message_head *head) {
  ssize_t count;
  link->start = link->held = 0;
  IPC_CALL(count, mq_receive(link->in, (char *)link->buffer, link->sizes.message, NULL));
  if (count < 0)
    return (int)count;
  if (count < IPC_POST_HEAD)
    return -EBADMSG;
  memcpy(head, link->buffer, IPC_POST_HEAD);
  bool holds = count > IPC_POST_HEAD;
  if (head->magic != IPC_QUEUE_MAGIC || head->version != IPC_LINK_VERSION || head->kind < IPC_MESSAGE_HELLO ||
      head->kind > IPC_MESSAGE_RESET || holds != (head->kind == IPC_MESSAGE_DATA))
    return -EBADMSG;
  link->start = IPC_POST_HEAD;
  link->held = (size_t)count - IPC_POST_HEAD;
  return head->kind;
}

/// Takes what stands in a queue; no more, however fast somebody fills it.
void ipc_post_empty(int queue, struct ipc_link *link) {
  ssize_t count = 0;
  for (uint32_t i = 0; i < link->sizes.depth && count >= 0; i++)
    IPC_CALL(count, mq_receive(queue, (char *)link->buffer, link->sizes.message, NULL));
}

int ipc_post_buffer(struct ipc_link *link) {
  link->buffer = malloc(2 * (size_t)link->sizes.message);
  return link->buffer ? 0 : -ENOMEM;
}

/* ---- Queues --------------------------------------------------------------------------------------------------- */

static bool is_above(const char *path, unsigned long value) {
  unsigned long limit = value;
  FILE *file = fopen(path, "re");
  if (file) {
    if (fscanf(file, "%lu", &limit) != 1)
      limit = value;
    fclose(file);
  }
  return value > limit;
}

/// Which of the system's limits an error is of.
static int name_limit(const struct ipc_link *link, int error) {
  if (error == -EINVAL && is_above("/proc/sys/fs/mqueue/msg_max", link->sizes.depth))
    return -IPC_EDEPTH;
  if (error == -EINVAL && is_above("/proc/sys/fs/mqueue/msgsize_max", link->sizes.message))
    return -IPC_EMESSAGE;
  if (error == -ENOSPC)
    return -IPC_EQUEUES;
  if (error == -EMFILE) { /* of descriptors, or of the user's bytes in queues? */
    int probe = open("/proc/sys/fs/mqueue/queues_max", O_RDONLY | O_CLOEXEC);
    if (probe < 0)
      return error;
    ipc_close(probe);
    return -IPC_EBYTES;
  }
  return error == -EOVERFLOW ? -IPC_EBYTES : error;
}

int ipc_post_make(const struct ipc_link *link, const char *name) {
  struct mq_attr attributes = {.mq_maxmsg = link->sizes.depth, .mq_msgsize = link->sizes.message};
  int queue;
  IPC_CALL(queue, mq_open(name, O_RDWR | O_CREAT | O_EXCL | O_NONBLOCK | O_CLOEXEC, S_IRUSR | S_IWUSR, &attributes));
  if (queue >= 0)
    fchmod(queue, S_IRUSR | S_IWUSR); /* whatever the umask has left of it; a queue of ours takes it */
  return queue < 0 ? name_limit(link, queue) : queue;
}

int ipc_post_open(const char *name, int flags, bool trusts_root) {
  int queue;
  IPC_CALL(queue, mq_open(name, flags | O_NONBLOCK | O_CLOEXEC));
  int error = queue < 0 ? queue : ipc_hold_check(queue, 0, trusts_root);
  if (queue >= 0 && error < 0)
    ipc_close(queue);
  return error < 0 ? error : queue;
}

/// A queue that nobody holds may go.
int ipc_post_remove(const char *name) {
  int queue = ipc_post_open(name, O_RDWR, false);
  if (queue < 0)
    return queue == -ENOENT ? 0 : queue;
  ipc_close(queue);
  int error;
  IPC_CALL(error, mq_unlink(name));
  return error == -ENOENT ? 0 : error;
}
