/* Message queues for raw peers: the declarations of <mqueue.h> without struct timespec, which Swift would import from
   this module instead of Glibc. */
#ifndef QUEUES_H
#define QUEUES_H

#include <stddef.h>
#include <sys/types.h>

struct mq_attr {
  long mq_flags, mq_maxmsg, mq_msgsize, mq_curmsgs, reserved[4];
};
int mq_open(const char *_Nonnull name, int flags, ...);
int mq_unlink(const char *_Nonnull name);
int mq_getattr(int queue, struct mq_attr *_Nonnull attributes);
int mq_send(int queue, const char *_Nonnull message, size_t length, unsigned priority);
ssize_t mq_receive(int queue, char *_Nonnull message, size_t size, unsigned *_Nullable priority);

/* Swift can't call variadic functions. */
static inline int queues_open(const char *_Nonnull name, int flags) { return mq_open(name, flags); }
static inline int queues_make(const char *_Nonnull name, int flags, mode_t mode, struct mq_attr *_Nonnull attributes) {
  return mq_open(name, flags, mode, attributes);
}

#endif
