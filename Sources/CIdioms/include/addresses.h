/* Addresses of sockets. */
#ifndef IDIOMS_ADDRESSES_H
#define IDIOMS_ADDRESSES_H

#include <sys/socket.h>
#include <sys/un.h>

#pragma clang assume_nonnull begin

/* socket_type.c */
int tcp_socket(void);

/* socket_path.c */
int socket_path(const char *path, struct sockaddr_un *address);

#pragma clang assume_nonnull end

#endif
