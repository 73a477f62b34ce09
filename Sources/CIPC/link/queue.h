/* One end of a pair of queues, for queue.c and queue_messages.c. */
#ifndef IPC_QUEUE_H
#define IPC_QUEUE_H

#include "name_lock.h"

#ifdef __clang__
#pragma clang assume_nonnull begin
#endif

enum { IPC_QUEUE_HEAD = sizeof(struct ipc_message_head) };

struct ipc_queue {
  struct ipc_link link;
  int in, out;          ///< queues, or -1; the rendezvous is one of them
  uint64_t next_ticket; ///< of a client whose hello came during a conversation, or 0
  size_t offset, rest;  ///< of the message that came: where its unread bytes start, and how many they are
  /// Room for a message that comes, and behind it for one to send.
  unsigned char *_Nullable buffer;
};

static inline struct ipc_queue *ipc_queue_of(struct ipc_link *link) { return (struct ipc_queue *)link; }

struct ipc_queue_name {
  char text[1 + IPC_OBJECT_NAME_MAX + sizeof ".out"];
};

struct ipc_queue_name ipc_queue_messages_name(const struct ipc_queue *queue, const char *suffix);

/// Sends a message. Errors: EAGAIN, EBADMSG (it is too long for the queue).
int ipc_queue_messages_send(struct ipc_queue *queue, enum ipc_message_kind kind, const void *_Nullable bytes,
                            size_t length);

/// Receives a message into the buffer; returns its kind. Errors: EAGAIN, EBADMSG (it is not valid).
int ipc_queue_messages_receive(struct ipc_queue *queue, struct ipc_message_head *head);

/// Whether the peer of this conversation has closed. Drops the data before its last message: no process answers it.
bool ipc_queue_messages_has_closed(struct ipc_queue *queue);

/// Drops the messages in a queue, at most as many as fit into it, so that a fast sender can't keep the caller here.
void ipc_queue_messages_discard(struct ipc_queue *queue, int descriptor);

/// Allocates the buffer.
int ipc_queue_messages_allocate(struct ipc_queue *queue);

/// Creates a queue. Errors: EEXIST, ipc_local_error.
int ipc_queue_messages_create(const struct ipc_queue *queue, const char *name);

/// Opens a queue, and checks that it can be trusted.
int ipc_queue_messages_open(const struct ipc_queue *queue, const char *name, int flags);

/// Removes a queue that is our own.
void ipc_queue_messages_unlink(const char *name);

/// Removes a queue of this name, if it is our own.
int ipc_queue_messages_remove(const struct ipc_queue *queue, const char *name);

/// Creates the rendezvous and locks it. A server that finds an old one locks it, removes it, and retries; another
/// server that has the old one open sees that it has lost its name, and retries as well.
int ipc_queue_messages_claim_name(struct ipc_queue *queue);

/// Opens a client's queues. Errors: ipc_local_error, ECONNREFUSED (no server owns the name).
int ipc_queue_messages_find(struct ipc_queue *queue);

#ifdef __clang__
#pragma clang assume_nonnull end
#endif

#endif
