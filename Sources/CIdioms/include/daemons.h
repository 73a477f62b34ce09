/* The manners of a daemon. */
#ifndef IDIOMS_DAEMONS_H
#define IDIOMS_DAEMONS_H

#include <semaphore.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

#pragma clang assume_nonnull begin

/* pid_file.c */
int write_pid_file(const char *path);

/* drop_privileges.c */
int drop_privileges(const char *name);

/* change_root.c */
int change_root(const char *folder);

/* daemonize.c */
int daemonize(void);

/* system_log.c */
void log_start(const char *name, int options);
void log_client(const char *peer, long bytes);

/* parse_options.c */
struct daemon_options {
  const char *_Nullable host;
  const char *_Nullable port;
  int verbose;
};
int parse_options(int count, char *_Nullable *_Nonnull arguments,
                  struct daemon_options *options);
void parse_or_exit(int argc, char *_Nullable *_Nonnull argv,
                   struct daemon_options *options);

/* resource_limit.c */
long allow_descriptors(rlim_t wanted);

/* queue_messages.c */
int create_queue(const char *name);
int queue_message(int queue, const void *bytes, size_t count,
                  unsigned priority);
ssize_t next_message(int queue, void *bytes, unsigned *priority);

/* named_semaphore.c */
sem_t *_Nullable open_slots(const char *name, unsigned count);
int take_slot(sem_t *slots, int seconds);
int give_slot(sem_t *slots);

/* random_bytes.c */
int random_bytes(void *bytes, size_t count);
uint32_t random_below(uint32_t limit);

/* load_library.c */
int call_library(const char *library, const char *name, double value,
                 double *result);

/* notify_supervisor.c */
int notify_supervisor(const char *_Nullable name, const char *state);

#pragma clang assume_nonnull end

#endif
