/* The five services, as pure functions. */
#include "core.h"

static void greet(const struct ipc_service *service, uint64_t position, void *output, size_t capacity,
                  struct ipc_service_result *result) {
  size_t left = service->length - (size_t)position;
  result->produced = left < capacity ? left : capacity;
  if (result->produced > 0)
    memcpy(output, (const char *)service->greeting + position, result->produced);
  result->next = result->produced == left ? IPC_NEXT_END : IPC_NEXT_OUTPUT;
}

static void answer(const void *input, size_t length, bool ended, void *output, struct ipc_service_result *result) {
  static const char reply[] = "I got your message";
  size_t window = length < IPC_LINE_MAX ? length : IPC_LINE_MAX;
  const char *newline = window > 0 ? memchr(input, '\n', window) : NULL;
  if (!newline && !ended && window < IPC_LINE_MAX) {
    result->consumed = 0;
    return;
  }
  result->consumed = newline ? (size_t)(newline - (const char *)input) + 1 : window;
  result->cut = !newline && (length > window || !ended);
  result->prints = true;
  result->produced = sizeof reply - 1;
  memcpy(output, reply, result->produced);
  result->next = IPC_NEXT_END;
}

/// RFC 864's recommended pattern: line n is 72 characters of the ring of 95 printing ones, from the nth on, then CR and
/// LF.
static void generate(uint64_t position, char *output, size_t capacity, struct ipc_service_result *result) {
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
  result->produced = capacity;
  result->next = IPC_NEXT_OUTPUT;
}

void ipc_service_step(const struct ipc_service *service, uint64_t position, const void *input, size_t length,
                      bool ended, void *output, size_t capacity, struct ipc_service_result *result) {
  *result = (struct ipc_service_result){.consumed = length, .next = ended ? IPC_NEXT_END : IPC_NEXT_INPUT};
  switch (service->kind) {
  case IPC_GREETING:
    greet(service, position, output, capacity, result);
    break;
  case IPC_MESSAGE:
    answer(input, length, ended, output, result);
    break;
  case IPC_ECHO:
    result->produced = length;
    result->echoes = length > 0;
    break;
  case IPC_DISCARD:
    break;
  case IPC_CHARGEN:
    generate(position, output, capacity, result);
    break;
  }
}

size_t ipc_service_input_room(const struct ipc_service *service, int64_t room, size_t capacity) {
  int64_t most = service->kind == IPC_ECHO ? room / 2 : room;
  return most < (int64_t)capacity ? (size_t)most : capacity;
}
