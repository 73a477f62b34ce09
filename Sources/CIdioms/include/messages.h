/* Messages with ancillary data, datagrams, and several buffers. */
#ifndef IDIOMS_MESSAGES_H
#define IDIOMS_MESSAGES_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#pragma clang assume_nonnull begin

/* pass_descriptor.c */
int send_descriptor(int socket, int fd);
int receive_descriptor(int socket);

/* peer_credentials.c */
int peer_credentials(int fd, pid_t *process, uid_t *user, gid_t *group);

/* packet_info.c */
int want_packet_info(int fd);
ssize_t receive_with_info(int fd, void *buffer, size_t size,
                          struct in_addr *destination, int *interface);

/* datagrams.c */
ssize_t echo_datagram(int fd);

/* scatter_gather.c */
int write_message(int fd, const void *head, size_t head_size, const void *body,
                  size_t body_size, int milliseconds);

/* read_vector.c */
ssize_t read_parts(int fd, void *head, size_t head_size, void *body,
                   size_t body_size);

/* send_quietly.c */
int send_all(int fd, const void *bytes, size_t size, bool more, size_t *done);

/* half_close.c */
ssize_t finish_and_read(int fd, char *buffer, size_t size);

/* urgent_byte.c */
int send_urgent(int fd, unsigned char byte);
int receive_urgent(int fd);

/* batch_receive.c */
int receive_batch(int fd, char *buffer, int *lengths);

#pragma clang assume_nonnull end

#endif
