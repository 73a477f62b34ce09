/* Errors, and what a function does about them. */
#ifndef IDIOMS_FAILURES_H
#define IDIOMS_FAILURES_H

#include <sys/socket.h>
#include <sys/types.h>

#pragma clang assume_nonnull begin

/* errno_at_once.c */
int open_or_report(const char *path, int log);

/* retry_interrupted.c */
ssize_t read_some(int fd, void *bytes, size_t count);
int wait_child(pid_t child);

/* error_text.c */
int error_text(const char *what, int error, char *text, size_t size);

/* clean_up.c */
ssize_t copy_file(const char *from, const char *to);

/* fatal_error.c */
int remove_at_exit(const char *path);
_Noreturn void fatal(int status, const char *what);

/* long_jump.c */
int list_depth(const char *text);

/* name_errors.c */
struct failure {
  int is_name, code;
};
const char *failure_text(struct failure failure);
struct failure numeric_address(const char *host, const char *port,
                               struct sockaddr_storage *address);

#pragma clang assume_nonnull end

#endif
