/* Files, pipes and folders. */
#ifndef IDIOMS_DESCRIPTORS_H
#define IDIOMS_DESCRIPTORS_H

#include <netinet/in.h>
#include <sys/types.h>
#include <time.h>

#pragma clang assume_nonnull begin

/* open_mode.c */
int open_log(const char *path);

/* owned_descriptor.c */
int listen_on(const struct sockaddr_in *address, int backlog);

/* write_all.c */
int write_all(int fd, const void *bytes, size_t count);

/* read_exactly.c */
int read_exactly(int fd, void *bytes, size_t size, size_t *done);

/* record_lock.c */
int lock_record(int fd, off_t start, off_t count);
pid_t lock_owner(int fd, off_t start, off_t count);

/* pipe_pair.c */
int pipe_pair(int *ends);
int socket_pair(int *ends);

/* send_file.c */
off_t send_whole_file(int to, int file);
off_t drain_pipe(int pipe, int to);

/* file_status.c */
int file_status(const char *path, off_t *size, time_t *changed);

/* list_folder.c */
int list_folder(const char *path,
                void (*each)(const char *name, void *_Nullable context),
                void *_Nullable context);

/* named_pipe.c */
int open_named_pipe(const char *path);

/* atomic_replace.c */
int replace_file(const char *path, const void *bytes, size_t count);

/* close_once.c */
struct connection {
  int fd;
};
int connection_close(struct connection *connection);

#pragma clang assume_nonnull end

#endif
