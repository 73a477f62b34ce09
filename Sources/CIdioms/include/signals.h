/* Signals. */
#ifndef IDIOMS_SIGNALS_H
#define IDIOMS_SIGNALS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#pragma clang assume_nonnull begin

/* stop_flag.c */
int catch_stop_signals(void);
int stop_requested(void);

/* signal_descriptor.c */
int signal_descriptor(const int *signals, int count);
int take_signal(int fd, pid_t *sender);

/* signal_action.c */
int catch_sender(int number);
int signal_sender(void);

/* ignore_pipe.c */
int ignore_signal(int number);

/* interval_timer.c */
ssize_t read_before(int fd, void *buffer, size_t size, long milliseconds);

/* self_pipe.c */
int signal_pipe(const int *signals, int count);
int take_piped_signal(int fd);

/* blocked_threads.c */
int start_signal_thread(const int *signals, int count,
                        bool (*handle)(int number), pthread_t *thread);

#pragma clang assume_nonnull end

#endif
