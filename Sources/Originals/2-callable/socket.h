/* What the greeting and the message share. The results are those of originals.h. */
#ifndef SOCKET_H
#define SOCKET_H

#include "originals.h"

int accept_client(int listener);
ssize_t receive(int socket, void *buffer, size_t size);
int send_all(int socket, const char *bytes, size_t length);
int write_all(int output, const char *bytes, size_t length);

/// Receives up to a newline, the end, or ORIGINAL_MESSAGE_MAX bytes. Drops what follows the newline. Returns the
/// length.
ssize_t receive_line(int descriptor, char *line);

#endif
