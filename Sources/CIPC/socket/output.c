/* The output of the message service: prints lines without ever waiting for their reader. */
#include "socket.h"

void ipc_output_open(struct ipc_output *output, int descriptor) {
  *output = (struct ipc_output){.number = descriptor, .descriptor = -1, .lock = PTHREAD_MUTEX_INITIALIZER};
  if (descriptor >= 0)
    output->descriptor = ipc_open_writer(descriptor);
  if (output->descriptor < 0)
    output->descriptor = descriptor;
}

/// Writes the rest of the line that was taken last.
static int write_rest(struct ipc_output *output) {
  while (output->written < output->length) {
    const char *rest = output->line + output->written;
    ssize_t count = ipc_write_some(output->descriptor, rest, output->length - output->written);
    if (count < 0)
      return (int)count;
    output->written += (size_t)count;
  }
  output->done = output->taken;
  return 0;
}

static void take(struct ipc_output *output, const char *line, size_t length) {
  memcpy(output->line, line, length);
  output->length = length;
  output->written = 0;
  output->taken++;
}

int ipc_output_print(struct ipc_output *output, const char *line, size_t length, uint64_t *number) {
  pthread_mutex_lock(&output->lock);
  int error = write_rest(output);
  if (error == 0 && *number == 0) {
    take(output, line, length);
    *number = output->taken;
    error = write_rest(output);
  }
  if (error == -EAGAIN && *number > 0 && *number <= output->done) /* another session's line waits */
    error = 0;
  pthread_mutex_unlock(&output->lock);
  return error;
}

void ipc_output_close(struct ipc_output *output) {
  if (output->number >= 0)
    write_rest(output);
  if (output->descriptor != output->number)
    ipc_close(output->descriptor);
  pthread_mutex_destroy(&output->lock);
}
