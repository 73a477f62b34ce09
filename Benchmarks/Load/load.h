/* The load: starts a program on one core, gives it work from another, and tells what that cost the program. */
#ifndef LOAD_H
#define LOAD_H

#define _GNU_SOURCE /* included first everywhere */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct options {
  int clients;      ///< at a time
  size_t bytes;     ///< that an echo carries, or a bulk transfer
  long operations;  ///< to do; 0 is as many as the time allows
  double seconds;   ///< to measure
  int program_core; ///< of the program that is measured
  int load_core;    ///< of this process
  bool pipes;       ///< bulk: the client's output is a pipe, which is drained and checked; else /dev/null
  bool greets;      ///< clients get GREETING before the end; else the end alone
  char **command;   ///< %p in an argument stands for the port
};

#define GREETING "Server Message"

/* ---- main.c */

/// Ends everything with a message: this program's processes are never left behind.
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
/// As realloc(3), but never NULL.
void *allocate(void *old, size_t size);
/// Seconds of the monotonic clock.
double now(void);
/// Prints a member of the result.
void tell(const char *name, double value);

/* ---- process.c: the program that is measured */

/// Starts it in a group of its own, on its core; its output goes to that descriptor.
pid_t process_start(const struct options *options, int port, int output);
/// A free port of 127.0.0.1, and the program that listens there.
pid_t process_serve(const struct options *options, int *port);
/// Seconds of processor time, user and system, of the process and of all its children.
double process_time(pid_t process);
/// Bytes of memory that are resident, of the process and its children.
double process_memory(pid_t process);
/// How many descriptors it has open.
int process_descriptors(pid_t process);
/// Asks it to end, and waits for that: what counts instructions writes them then.
void process_finish(pid_t process);
/// Ends all that was started.
void process_end_all(void);
/// The same as far as a signal handler may.
void process_kill_groups(void);
void pin(int core);

/* ---- clients.c: many connections, one thread */

struct clients;
struct clients *clients_make(const struct options *options, int port);
/// Greeting after greeting, or echo after echo, until the time or the count is over; returns how many.
long clients_greet(struct clients *clients, double seconds, long operations);
long clients_echo(struct clients *clients, double seconds, long operations);
/// Connects all of them, and sends nothing.
void clients_connect(struct clients *clients);
/// Receives the greeting of all that are connected.
void clients_drain(struct clients *clients);
void clients_close(struct clients *clients);
/// Forgets the times that were taken; and tells their quantiles.
void clients_reset(struct clients *clients);
void clients_tell(struct clients *clients);

/* ---- The jobs */

void job_greeting(const struct options *options); ///< server.c
void job_echo(const struct options *options);
void job_stopped(const struct options *options);
void job_idle(const struct options *options);
void job_bulk(const struct options *options); ///< client.c
void job_startup(const struct options *options);

#endif
