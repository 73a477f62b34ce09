#define _GNU_SOURCE

#include <errno.h>
#include <stdio.h>
#include <time.h>

/// Writes a time as text of the form 2026-11-28T05:01:59.123Z. Returns its
/// length, or a negative errno.
int time_text(const struct timespec *time, char *text, size_t size) {
  struct tm fields;
  if (gmtime_r(&time->tv_sec, &fields) == NULL)
    return -errno;
  size_t length = strftime(text, size, "%Y-%m-%dT%H:%M:%S", &fields);
  if (length == 0)
    return -ENOBUFS;
  long milliseconds = time->tv_nsec / 1000000;
  int rest = snprintf(text + length, size - length, ".%03ldZ", milliseconds);
  if (rest >= (int)(size - length))
    return -ENOBUFS;
  return (int)length + rest;
}

/// Writes the time of now. Returns its length, or a negative errno.
int now_text(char *text, size_t size) {
  struct timespec now;
  if (clock_gettime(CLOCK_REALTIME, &now) < 0)
    return -errno;
  return time_text(&now, text, size);
}
