/* A program that calls every function of the contract and prints each result, each failure and each event. Linked with
 * one engine or the other, it prints the same. */
#ifndef CALLS_H
#define CALLS_H

#define _GNU_SOURCE
#include <errno.h>
#include <ipc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

/// Ends the program if the condition is false: the test itself can't go on.
void require(bool condition, const char *what);

/// Prints a call's name and its result. A descriptor prints as `descriptor`, since its number may differ.
void show(FILE *out, const char *call, ssize_t result);
void show_descriptor(FILE *out, const char *call, int result);

/// Prints an endpoint's fields. The port that the kernel chose prints as `port`.
void show_endpoint(FILE *out, const char *call, const struct ipc_endpoint *endpoint);
void show_failure(FILE *out, const char *call, int result, const struct ipc_failure *failure);

/// Prints events to `out`, one line each.
struct ipc_observer observer(FILE *out);

/// Prints lines in alphabetical order: a relay receives and sends in any order. Frees the text.
void show_sorted(FILE *out, char *text);

/// Counts the events of IPC_STEP_CLOSE, and the ends of conversations over a link, since forget_closed().
extern int closed;
void forget_closed(void);
void await_closed(void);

/// Parses an endpoint that is valid.
struct ipc_endpoint endpoint(const char *text);

/// The folder for the sockets and pipes of the test.
extern const char *folder;

/// Makes an endpoint of a prefix, such as "unix:", and a name in the folder.
struct ipc_endpoint in_folder(const char *prefix, const char *name);

void call_endpoints(FILE *out);
void call_texts(FILE *out);
void call_streams(FILE *out);
void call_servers(FILE *out);
void call_serving(FILE *out);
void call_links(FILE *out);
void call_rings(FILE *out);
void call_without_allocation(FILE *out);

#endif
