/* Waiting until descriptors are ready. */
#ifndef IDIOMS_READINESS_H
#define IDIOMS_READINESS_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/select.h>

#pragma clang assume_nonnull begin

/* select_descriptors.c */
enum { SELECT_READ = 1, SELECT_WRITE = 2 };
struct select_interest {
  fd_set readers, writers;
  int limit;
};
int select_watch(struct select_interest *interest, int fd, int events);
int select_ready(struct select_interest *interest, int milliseconds,
                 void (*handle)(int fd, int events, void *_Nullable context),
                 void *_Nullable context);

/* poll_descriptors.c */
int poll_ready(struct pollfd *set, nfds_t count, int milliseconds,
               void (*handle)(struct pollfd *entry, bool can_read,
                              bool can_write, void *_Nullable context),
               void *_Nullable context);

/* epoll_loop.c */
int epoll_watch(int epoll, int fd, uint32_t events, uint64_t token);
int epoll_run(int epoll, int milliseconds,
              bool (*handle)(uint64_t token, uint32_t events,
                             void *_Nullable context),
              void *_Nullable context);

/* timer_descriptor.c */
int interval_timer(long milliseconds);
int64_t timer_expirations(int fd);

/* event_counter.c */
int event_counter(void);
int notify_event(int fd);
int64_t take_events(int fd);

/* watch_folder.c */
int watch_folder(const char *path);
int read_folder_events(int fd,
                       void (*handle)(uint32_t mask, const char *name,
                                      void *_Nullable context),
                       void *_Nullable context);

/* non_blocking.c */
int set_nonblocking(int fd, bool on);

/* bytes_ready.c */
int bytes_ready(int fd);

#pragma clang assume_nonnull end

#endif
