#define _GNU_SOURCE

#include <errno.h>
#include <pthread.h>
#include <time.h>

#define JOB_LIMIT 64

struct job_queue {
  pthread_mutex_t lock;
  pthread_cond_t filled;
  int first, count, jobs[JOB_LIMIT];
};

/// Initializes an empty queue. Its waits use the monotonic clock.
void job_queue_init(struct job_queue *queue) {
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_mutex_init(&queue->lock, NULL);
  pthread_cond_init(&queue->filled, &attributes);
  pthread_condattr_destroy(&attributes);
  queue->first = queue->count = 0;
}

/// Adds a job, a number of 0 or more. Returns 0, or -ENOBUFS.
int job_put(struct job_queue *queue, int job) {
  pthread_mutex_lock(&queue->lock);
  int result = -ENOBUFS;
  if (queue->count < JOB_LIMIT) {
    queue->jobs[(queue->first + queue->count++) % JOB_LIMIT] = job;
    result = 0;
    pthread_cond_signal(&queue->filled);
  }
  pthread_mutex_unlock(&queue->lock);
  return result;
}

/// Waits for a job. Returns the oldest one, or -ETIMEDOUT.
int job_take(struct job_queue *queue, int milliseconds) {
  struct timespec end;
  clock_gettime(CLOCK_MONOTONIC, &end);
  end.tv_sec += milliseconds / 1000;
  end.tv_nsec += milliseconds % 1000 * 1000000L;
  if (end.tv_nsec >= 1000000000L) {
    end.tv_nsec -= 1000000000L;
    end.tv_sec++;
  }
  pthread_mutex_lock(&queue->lock);
  int error = 0;
  // A thread can wake up without a signal, or find that another was faster.
  while (queue->count == 0 && error == 0)
    error = pthread_cond_timedwait(&queue->filled, &queue->lock, &end);
  int result = -error;
  if (queue->count > 0) {
    result = queue->jobs[queue->first];
    queue->first = (queue->first + 1) % JOB_LIMIT;
    queue->count--;
  }
  pthread_mutex_unlock(&queue->lock);
  return result;
}
