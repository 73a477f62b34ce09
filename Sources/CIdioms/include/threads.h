/* Threads, globals and callbacks. */
#ifndef IDIOMS_THREADS_H
#define IDIOMS_THREADS_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/* start_thread.c */
int echo_in_thread(int fd, pthread_t *thread);

/* locked_table.c */
#define SESSION_LIMIT 64
struct session_table {
  pthread_mutex_t lock;
  int count, ids[SESSION_LIMIT];
};
void session_table_init(struct session_table *table);
int session_add(struct session_table *table, int id);
int session_remove(struct session_table *table, int id);

/* wait_condition.c */
#define JOB_LIMIT 64
struct job_queue {
  pthread_mutex_t lock;
  pthread_cond_t filled;
  int first, count, jobs[JOB_LIMIT];
};
void job_queue_init(struct job_queue *queue);
int job_put(struct job_queue *queue, int job);
int job_take(struct job_queue *queue, int milliseconds);

/* global_counter.c */
struct traffic {
  long received, sent;
};
int client_began(void);
int client_ended(void);
struct traffic traffic_add(long received, long sent);

/* static_local.c */
const char *connection_name(void);

/* thread_local.c */
unsigned thread_calls(void);

/* callback_context.c */
int rank_clients(int *clients, size_t count, const long *bytes);

/* dispatch_table.c */
int run_command(const char *line, char *reply, size_t size);

/* sort_records.c */
struct client_record {
  char name[16];
  long bytes;
};
void sort_records(struct client_record *records, size_t count);

/* once_initialized.c */
uint32_t checksum(const void *bytes, size_t count);

/* blocking_call.c */
int lock_file(int fd);

#pragma clang assume_nonnull end

#endif
