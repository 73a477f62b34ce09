#define _GNU_SOURCE

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

/* The idiom WriteAll. */
int write_all(int fd, const void *bytes, size_t count);

struct echo_job {
  int fd;
};

static void *echo_run(void *context) {
  struct echo_job job = *(struct echo_job *)context;
  free(context);
  char buffer[4096];
  ssize_t n;
  while ((n = read(job.fd, buffer, sizeof buffer)) != 0) {
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0 || write_all(job.fd, buffer, (size_t)n) < 0)
      break;
  }
  close(job.fd);
  return NULL;
}

/// Echoes all input of a client in a thread, which then closes the
/// descriptor. The caller joins the thread. Returns 0, or a negative errno;
/// then the caller still owns the descriptor.
int echo_in_thread(int fd, pthread_t *thread) {
  struct echo_job *job = malloc(sizeof *job);
  if (job == NULL)
    return -ENOMEM;
  job->fd = fd;
  int error = pthread_create(thread, NULL, echo_run, job);
  if (error != 0)
    free(job);
  return -error;
}
