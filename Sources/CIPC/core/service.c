/* The five services, as pure functions from bytes to bytes. */
#include "internal.h"

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

static void greeting(const struct ipc_service *service, uint64_t position, void *output, size_t capacity,
                     struct ipc_service_result *turn) {
  size_t left = service->length - (size_t)position;
  turn->produced = least(left, capacity);
  if (turn->produced > 0)
    memcpy(output, (const char *)service->greeting + position, turn->produced);
  turn->next = turn->produced == left ? IPC_NEXT_END : IPC_NEXT_OUTPUT;
}

static void message(const void *input, size_t length, bool ended, void *output, struct ipc_service_result *turn) {
  static const char answer[] = "I got your message";
  size_t window = least(length, IPC_LINE_MAX);
  const char *newline = window > 0 ? memchr(input, '\n', window) : NULL;
  if (!newline && !ended && window < IPC_LINE_MAX)
    return;
  turn->consumed = newline ? (size_t)(newline - (const char *)input) + 1 : window;
  turn->cut = !newline && (length > window || !ended);
  turn->prints = true;
  turn->produced = sizeof answer - 1;
  memcpy(output, answer, turn->produced);
  turn->next = IPC_NEXT_END;
}

/// Line n of RFC 864 is 72 characters of the 95 printing ones, from the nth on, in a ring; then CR and LF.
static void chargen(uint64_t position, char *output, size_t capacity, struct ipc_service_result *turn) {
  enum { RING = 95, WIDTH = 72, LINE = WIDTH + 2 };
  size_t line = (size_t)(position / LINE % RING), column = (size_t)(position % LINE);
  for (size_t i = 0; i < capacity; i++) {
    size_t shown = line + column;
    if (column < WIDTH)
      output[i] = (char)(' ' + (shown < RING ? shown : shown - RING));
    else
      output[i] = column == WIDTH ? '\r' : '\n';
    if (++column == LINE) {
      column = 0;
      line = line + 1 == RING ? 0 : line + 1;
    }
  }
  turn->produced = capacity;
  turn->next = IPC_NEXT_OUTPUT;
}

void ipc_service_step(const struct ipc_service *service, uint64_t position, const void *input, size_t length,
                      bool ended, void *output, size_t capacity, struct ipc_service_result *turn) {
  *turn = (struct ipc_service_result){.consumed = length, .next = ended ? IPC_NEXT_END : IPC_NEXT_INPUT};
  switch (service->kind) {
  case IPC_GREETING:
    greeting(service, position, output, capacity, turn);
    break;
  case IPC_MESSAGE:
    turn->consumed = 0;
    message(input, length, ended, output, turn);
    break;
  case IPC_ECHO:
    turn->produced = length;
    turn->echoes = length > 0;
    break;
  case IPC_DISCARD:
    break;
  case IPC_CHARGEN:
    chargen(position, output, capacity, turn);
    break;
  }
}
