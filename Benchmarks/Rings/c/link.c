/* Sends and receives all bytes over a ring or a pipe. */
#include "rings.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static void await(struct link *link, int event) {
  int events = ipc_ring_wait(&link->ring, event, PATIENCE_MS);
  if (events < 0)
    fail(ipc_error_text(events));
}

void link_send(struct link *link, const void *bytes, size_t length) {
  const char *rest = bytes;
  while (length > 0) {
    ssize_t sent = link->is_ring ? ipc_ring_send(&link->ring, rest, length) : write(link->output, rest, length);
    if (sent >= 0) {
      rest += sent;
      length -= (size_t)sent;
    } else if (link->is_ring && sent == -EAGAIN)
      await(link, IPC_WRITABLE);
    else
      fail("send");
  }
}

void link_receive(struct link *link, void *bytes, size_t length) {
  char *rest = bytes;
  while (length > 0) {
    ssize_t got = link->is_ring ? ipc_ring_receive(&link->ring, rest, length) : read(link->input, rest, length);
    if (got > 0) {
      rest += got;
      length -= (size_t)got;
    } else if (link->is_ring && got == -EAGAIN)
      await(link, IPC_READABLE);
    else
      fail("receive");
  }
}
