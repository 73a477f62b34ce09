/* Waiting until descriptors are ready. */
#ifndef IDIOMS_READINESS_H
#define IDIOMS_READINESS_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/* select_descriptors.c */
int select_readable(const int *fds, int count, int milliseconds);

/* poll_descriptors.c */
int poll_first(struct pollfd *set, nfds_t count, int milliseconds);

/* epoll_loop.c */
int epoll_watch(int epoll, int fd, uint32_t events, uint64_t token);
int epoll_run(int epoll, int milliseconds, bool (*handle)(uint64_t token, uint32_t events, void *_Nullable context),
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
int read_folder_events(int fd, void (*handle)(uint32_t mask, const char *name, void *_Nullable context),
                       void *_Nullable context);

/* non_blocking.c */
int set_nonblocking(int fd, bool on);

/* bytes_ready.c */
int bytes_ready(int fd);

#pragma clang assume_nonnull end

#endif
