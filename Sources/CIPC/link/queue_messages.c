/* Two named queues, and messages with a head. */
#include "queue.h"

#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

struct ipc_queue_name ipc_queue_messages_name(const struct ipc_queue *queue, const char *suffix) {
  struct ipc_queue_name name;
  snprintf(name.text, sizeof name.text, "%s%s", queue->link.endpoint.name, suffix);
  return name;
}

/* ---- Messages -------------------------------------------------------------------------------------------------- */

static unsigned char *outgoing(const struct ipc_queue *queue) { return queue->buffer + queue->link.sizes.message; }

/// A message that does not fit into the queue or the buffer: the queue is not the one that was checked.
static ssize_t check_size(ssize_t result) { return result == -EMSGSIZE ? -EBADMSG : result; }

int ipc_queue_messages_send(struct ipc_queue *queue, enum ipc_message_kind kind, const void *bytes, size_t length) {
  struct ipc_message_head head = {IPC_QUEUE_MAGIC, IPC_LINK_VERSION, (uint16_t)kind, queue->link.ticket};
  memcpy(outgoing(queue), &head, IPC_QUEUE_HEAD);
  if (length > 0)
    memcpy(outgoing(queue) + IPC_QUEUE_HEAD, bytes, length);
  int error;
  IPC_CALL(error, mq_send(queue->out, (const char *)outgoing(queue), IPC_QUEUE_HEAD + length, 0));
  return (int)check_size(error);
}

int ipc_queue_messages_receive(struct ipc_queue *queue, struct ipc_message_head *head) {
  ssize_t count;
  queue->rest = 0;
  IPC_CALL(count, mq_receive(queue->in, (char *)queue->buffer, queue->link.sizes.message, NULL));
  if (count < 0)
    return (int)check_size(count);
  if (count < IPC_QUEUE_HEAD)
    return -EBADMSG;
  memcpy(head, queue->buffer, IPC_QUEUE_HEAD);
  bool has_bytes = count > IPC_QUEUE_HEAD;
  if (head->magic != IPC_QUEUE_MAGIC || head->version != IPC_LINK_VERSION || head->kind < IPC_MESSAGE_HELLO ||
      head->kind > IPC_MESSAGE_RESET || has_bytes != (head->kind == IPC_MESSAGE_DATA))
    return -EBADMSG;
  queue->offset = IPC_QUEUE_HEAD;
  queue->rest = (size_t)count - IPC_QUEUE_HEAD;
  return head->kind;
}

bool ipc_queue_messages_has_closed(struct ipc_queue *queue) {
  struct ipc_message_head head;
  int kind;
  while ((kind = ipc_queue_messages_receive(queue, &head)) > 0 && head.ticket == queue->link.ticket)
    if (kind == IPC_MESSAGE_CLOSED || kind == IPC_MESSAGE_RESET)
      return true;
  queue->rest = 0;
  if (kind == IPC_MESSAGE_HELLO)
    queue->next_ticket = head.ticket;
  return false;
}

void ipc_queue_messages_discard(struct ipc_queue *queue, int descriptor) {
  ssize_t count = 0;
  for (uint32_t i = 0; i < queue->link.sizes.depth && count >= 0; i++)
    IPC_CALL(count, mq_receive(descriptor, (char *)queue->buffer, queue->link.sizes.message, NULL));
}

int ipc_queue_messages_allocate(struct ipc_queue *queue) {
  queue->buffer = malloc(2 * (size_t)queue->link.sizes.message);
  return queue->buffer ? 0 : -ENOMEM;
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

/// The error of creating a queue, as the limit of the system that it exceeds.
static int limit_error(const struct ipc_queue *queue, int error) {
  if (error == -EINVAL && is_above("/proc/sys/fs/mqueue/msg_max", queue->link.sizes.depth))
    return -IPC_EDEPTH;
  if (error == -EINVAL && is_above("/proc/sys/fs/mqueue/msgsize_max", queue->link.sizes.message))
    return -IPC_EMESSAGE;
  if (error == -ENOSPC)
    return -IPC_EQUEUES;
  if (error == -EMFILE) { /* too many descriptors, or too many of the user's bytes in queues */
    int probe = open("/proc/sys/fs/mqueue/queues_max", O_RDONLY | O_CLOEXEC);
    if (probe < 0)
      return error;
    ipc_close(probe);
    return -IPC_EBYTES;
  }
  return error == -EOVERFLOW ? -IPC_EBYTES : error;
}

int ipc_queue_messages_create(const struct ipc_queue *queue, const char *name) {
  struct mq_attr attributes = {.mq_maxmsg = queue->link.sizes.depth, .mq_msgsize = queue->link.sizes.message};
  const int flags = O_RDWR | O_CREAT | O_EXCL | O_NONBLOCK | O_CLOEXEC;
  int descriptor;
  IPC_CALL(descriptor, mq_open(name, flags, S_IRUSR | S_IWUSR, &attributes));
  if (descriptor < 0)
    return limit_error(queue, descriptor);
  fchmod(descriptor, S_IRUSR | S_IWUSR); /* the umask may have removed some */
  return descriptor;
}

int ipc_queue_messages_open(const struct ipc_queue *queue, const char *name, int flags) {
  int descriptor;
  IPC_CALL(descriptor, mq_open(name, flags | O_NONBLOCK | O_CLOEXEC));
  int error = descriptor < 0 ? descriptor : ipc_name_lock_check(&queue->link, descriptor, 0);
  if (descriptor >= 0 && error < 0)
    ipc_close(descriptor);
  return error < 0 ? error : descriptor;
}

void ipc_queue_messages_unlink(const char *name) {
  int error;
  IPC_CALL(error, mq_unlink(name));
}

int ipc_queue_messages_remove(const struct ipc_queue *queue, const char *name) {
  int descriptor = ipc_queue_messages_open(queue, name, O_RDWR);
  if (descriptor < 0)
    return descriptor == -ENOENT ? 0 : descriptor;
  ipc_close(descriptor);
  int error;
  IPC_CALL(error, mq_unlink(name));
  return error == -ENOENT ? 0 : error;
}

/* ---- A server's and a client's queues -------------------------------------------------------------------------- */

int ipc_queue_messages_claim_name(struct ipc_queue *queue) {
  struct ipc_queue_name in = ipc_queue_messages_name(queue, ".in"), out = ipc_queue_messages_name(queue, ".out");
  for (;;) {
    int created = ipc_queue_messages_create(queue, in.text);
    queue->in = created == -EEXIST ? ipc_queue_messages_open(queue, in.text, O_RDWR) : created;
    if (created == -EEXIST && queue->in == -ENOENT)
      continue;
    if (queue->in < 0)
      return queue->in;
    queue->link.rendezvous = queue->in;
    int error = ipc_name_lock_acquire_server(&queue->link);
    if (error < 0 && error != -EADDRINUSE && created >= 0)
      ipc_queue_messages_remove(queue, in.text);
    bool is_owner = error == 0 && ipc_name_lock_has_name(&queue->link);
    if (is_owner && created >= 0)
      return 0;
    if (is_owner)
      error = ipc_queue_messages_remove(queue, out.text);
    if (is_owner && error == 0)
      error = ipc_queue_messages_remove(queue, in.text);
    ipc_name_lock_drop(&queue->in);
    queue->link.rendezvous = -1;
    if (error < 0)
      return error;
  }
}

int ipc_queue_messages_find(struct ipc_queue *queue) {
  struct mq_attr in, out;
  int error;
  queue->out = ipc_queue_messages_open(queue, ipc_queue_messages_name(queue, ".in").text, O_RDWR);
  if (queue->out < 0)
    return queue->out;
  queue->link.rendezvous = queue->out;
  if (!ipc_name_lock_has_server(&queue->link))
    return -ECONNREFUSED;
  queue->in = ipc_queue_messages_open(queue, ipc_queue_messages_name(queue, ".out").text, O_RDONLY);
  if (queue->in < 0)
    return queue->in == -ENOENT ? -ECONNREFUSED : queue->in; /* the server is about to create it */
  IPC_CALL(error, mq_getattr(queue->in, &in));
  if (error == 0)
    IPC_CALL(error, mq_getattr(queue->out, &out));
  if (error < 0)
    return error;
  if (in.mq_msgsize != out.mq_msgsize || in.mq_msgsize < IPC_QUEUE_MESSAGE_MIN || in.mq_msgsize > IPC_QUEUE_MESSAGE_MAX)
    return -IPC_EKIND;
  queue->link.sizes = (struct ipc_link_sizes){.message = (uint32_t)in.mq_msgsize, .depth = (uint32_t)in.mq_maxmsg};
  return ipc_queue_messages_allocate(queue);
}
