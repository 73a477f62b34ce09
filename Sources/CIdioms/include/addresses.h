/* Addresses of sockets. */
#ifndef IDIOMS_ADDRESSES_H
#define IDIOMS_ADDRESSES_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

#pragma clang assume_nonnull begin

/* socket_type.c */
int tcp_socket(void);

/* socket_path.c */
int socket_path(const char *path, struct sockaddr_un *address);

/* internet_address.c */
int loopback_address(long port, struct sockaddr_in *address);

/* byte_order.c */
void encode_header(uint16_t type, uint32_t length, uint64_t time,
                   uint8_t *bytes);
int decode_header(const uint8_t *bytes, size_t count, uint16_t *type,
                  uint32_t *length, uint64_t *time);

/* bind_address.c */
int listen_at(const struct sockaddr_in *address, int backlog);

/* accept_peer.c */
int accept_peer(int listener, struct sockaddr_storage *peer);

/* resolve_name.c */
int connect_to_host(const char *host, const char *service);

/* print_address.c */
int print_address(const struct sockaddr_storage *address, char *text,
                  size_t size);

/* parse_address.c */
int parse_address(const char *text, in_port_t port,
                  struct sockaddr_storage *address);

/* storage_families.c */
int storage_port(const struct sockaddr_storage *storage);

/* mapped_address.c */
int unmap_address(const struct sockaddr_in6 *from, struct sockaddr_in *to);

/* socket_option.c */
int tune_connection(int fd, long milliseconds);

/* connect_timeout.c */
int connect_within(const struct sockaddr_in *address, int milliseconds);

/* linger_reset.c */
int close_with_reset(int fd);

/* peer_name.c */
int peer_address(int fd, struct sockaddr_storage *address);
int local_address(int fd, struct sockaddr_storage *address);

/* interfaces.c */
int interface_of(struct in_addr wanted);

#pragma clang assume_nonnull end

#endif
