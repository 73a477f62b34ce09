/* The load generator: starts a program on one core, loads it from another one, and reports what that cost the program.
 */
#ifndef LOAD_H
#define LOAD_H

#define _GNU_SOURCE /* included first everywhere */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct options {
  int clients;      ///< at once
  size_t bytes;     ///< of an echo or of a bulk transfer
  long operations;  ///< to run; 0: as many as the time allows
  double seconds;   ///< of the measurement
  int program_core; ///< of the measured program
  int load_core;    ///< of this process
  bool pipes;       ///< bulk: the client's output is a pipe, which is read and checked; otherwise /dev/null
  bool greets;      ///< clients expect GREETING before the end; otherwise only the end
  char **command;   ///< %p in an argument is replaced by the port
};

#define GREETING "Server Message"

/* ---- main.c */

/// Prints a message, kills every started process, and exits.
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
/// As realloc(3), but never NULL.
void *allocate(void *old, size_t size);
/// Seconds of the monotonic clock.
double now(void);
/// Prints a figure of the result.
void report(const char *name, double value);

/* ---- process.c: the measured program */

/// Starts the program in a process group of its own, on its core, with this standard output.
pid_t process_start(const struct options *options, int port, int output);
/// Starts a server at a free port of 127.0.0.1, and waits until it listens.
pid_t process_serve(const struct options *options, int *port);
/// Seconds of processor time, user and system, of the process and its children.
double process_time(pid_t process);
/// Resident bytes of the process and its children.
double process_memory(pid_t process);
/// The number of open descriptors.
int process_descriptors(pid_t process);
/// Terminates the process and waits for it: valgrind writes its counts then.
void process_finish(pid_t process);
/// Ends every started process.
void process_end_all(void);
/// The same, in a signal handler.
void process_kill_groups(void);
void pin(int core);

/* ---- client_pool.c: many connections, one thread */

struct client_pool;
struct client_pool *client_pool_create(const struct options *options, int port);
/// Runs greetings or echoes until the time is over or the count is reached; returns their number.
long client_pool_greet(struct client_pool *clients, double seconds, long operations);
long client_pool_echo(struct client_pool *clients, double seconds, long operations);
/// Connects all clients, and sends nothing.
void client_pool_connect(struct client_pool *clients);
/// Receives the greeting of every connected client.
void client_pool_drain(struct client_pool *clients);
void client_pool_close(struct client_pool *clients);
/// Discards the measured times; and prints their quantiles.
void client_pool_reset(struct client_pool *clients);
void client_pool_report(struct client_pool *clients);

/* ---- The jobs */

void job_greeting(const struct options *options); ///< server_jobs.c
void job_echo(const struct options *options);
void job_stopped(const struct options *options);
void job_idle(const struct options *options);
void job_bulk(const struct options *options); ///< client_jobs.c
void job_startup(const struct options *options);

#endif
