#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

static sigset_t waited;
static bool (*handle_signal)(int number);

static void *wait_for_signals(void *unused) {
  int number;
  do
    if (sigwait(&waited, &number) != 0)
      return unused;
  while (handle_signal(number));
  return unused;
}

/// Starts a thread that takes signals until the handler returns false. Call
/// it once, before any other thread starts: each later thread inherits the
/// blocked signals. Returns 0, or a negative errno.
int start_signal_thread(const int *signals, int count,
                        bool (*handle)(int number), pthread_t *thread) {
  sigemptyset(&waited);
  for (int i = 0; i < count; i++)
    if (sigaddset(&waited, signals[i]) < 0)
      return -errno;
  handle_signal = handle;
  int error = pthread_sigmask(SIG_BLOCK, &waited, NULL);
  if (error == 0)
    error = pthread_create(thread, NULL, wait_for_signals, NULL);
  return -error;
}
