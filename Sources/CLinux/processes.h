/* Processes: what _GNU_SOURCE would declare. */
#ifndef LINUX_PROCESSES_H
#define LINUX_PROCESSES_H

#pragma clang module import SwiftGlibc

#include <linux/close_range.h>
#include <sys/types.h>

/* <unistd.h> */
pid_t gettid(void);
int close_range(unsigned first, unsigned last, int flags);

/* Swift's `environ` ends the process where it is NULL, as after clearenv(3). */
static inline char *_Nullable *_Nullable linux_environ(void) {
  extern char **environ;
  return environ;
}

#endif
