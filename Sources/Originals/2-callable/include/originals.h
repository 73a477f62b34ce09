/* The two servers and their clients, as functions.
 *
 * A result is a count or a descriptor, or a negated errno. A function that takes a descriptor borrows it. No function
 * prints a diagnostic, exits, or keeps state. A failed address lookup is -ENOENT.
 */
#ifndef ORIGINALS_H
#define ORIGINALS_H

#include <stddef.h>
#include <sys/types.h>

#ifdef __clang__
#pragma clang assume_nonnull begin
#endif

/// Bytes of a message at most, as in the original: a buffer of 256 less the final NUL.
#define ORIGINAL_MESSAGE_MAX 255

/// Returns a socket that listens on an address and a port, both in digits.
int original_listen(const char *address, const char *port);

/// Returns a socket that is connected to a host and a port.
int original_connect(const char *host, const char *port);

/// Accepts one client and sends it all of the greeting. Returns 0.
int original_greet(int listener, const void *greeting, size_t length);

/// Copies all that the server sends to `output`. Returns the number of bytes.
ssize_t original_copy(int socket, int output);

/// Accepts one client, receives its message up to a newline or ORIGINAL_MESSAGE_MAX bytes, prints it to `output` and
/// answers. Returns the length of the message.
ssize_t original_serve_message(int listener, int output);

/// Prompts on `output`, sends one line of `input`, and prints the answer. Returns the length of the answer.
ssize_t original_send_message(int socket, int input, int output);

/// Describes a negative result.
const char *original_error_text(int error);

#ifdef __clang__
#pragma clang assume_nonnull end
#endif

#endif
