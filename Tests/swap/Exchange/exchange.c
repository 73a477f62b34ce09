#include "exchange.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void code(void);

// Both definitions of each function. A faulty variant exists for few of them.
#define FUNCTION(name, group)                                                                                          \
  code c_##name, swift_##name;                                                                                         \
  code faulty_##name __attribute__((weak));
#include "../../../.build/swap/generated/functions.h"
#undef FUNCTION

// What answers, and how often it was called. Threads may lose counts of each other, but 0 means that there was no call.
#define FUNCTION(name, group)                                                                                          \
  __attribute__((visibility("hidden"))) code *exchange_to_##name = c_##name;                                           \
  __attribute__((visibility("hidden"))) unsigned long exchange_calls_##name;
#include "../../../.build/swap/generated/functions.h"
#undef FUNCTION

// The function itself. It leaves all registers of arguments as they are, so it needs no types.
#if defined(__x86_64__)
#define TRAMPOLINE(name) "incq exchange_calls_" #name "(%rip)\njmp *exchange_to_" #name "(%rip)\n"
#elif defined(__aarch64__)
#define TRAMPOLINE(name)                                                                                               \
  "adrp x16, exchange_calls_" #name "\nadd x16, x16, :lo12:exchange_calls_" #name "\n"                                 \
  "ldr x17, [x16]\nadd x17, x17, #1\nstr x17, [x16]\n"                                                                 \
  "adrp x16, exchange_to_" #name "\nldr x16, [x16, :lo12:exchange_to_" #name "]\nbr x16\n"
#else
#error "no trampoline for this processor"
#endif
#define FUNCTION(name, group)                                                                                          \
  __asm__(".text\n.globl " #name "\n.type " #name ", %function\n.p2align 4\n" #name                                    \
          ":\n" TRAMPOLINE(name) ".size " #name ", .-" #name "\n");
#include "../../../.build/swap/generated/functions.h"
#undef FUNCTION

static struct row {
  const char *name, *group, *language;
  code **answers, *swift, *faulty;
  const unsigned long *calls;
} rows[] = {
#define FUNCTION(name, group)                                                                                          \
  {#name, #group, "c", &exchange_to_##name, swift_##name, faulty_##name, &exchange_calls_##name},
#include "../../../.build/swap/generated/functions.h"
#undef FUNCTION
};
enum { ROWS = sizeof rows / sizeof *rows };

// The functions of a group share private state, so they are exchanged together.
static bool exchange(const char *name, size_t length) {
  bool found = false, all = length == 3 && memcmp(name, "all", 3) == 0;
  for (size_t i = 0; i < ROWS; i++) {
    if (!all && (strlen(rows[i].name) != length || memcmp(rows[i].name, name, length) != 0))
      continue;
    for (size_t j = 0; j < ROWS; j++)
      if (strcmp(rows[j].group, rows[i].group) == 0) {
        *rows[j].answers = rows[j].swift;
        rows[j].language = "swift";
      }
    found = true;
  }
  return found;
}

static bool plant(const char *name, size_t length) {
  for (size_t i = 0; i < ROWS; i++)
    if (strlen(rows[i].name) == length && memcmp(rows[i].name, name, length) == 0 && rows[i].faulty) {
      if (*rows[i].answers == rows[i].swift) {
        *rows[i].answers = rows[i].faulty;
        rows[i].language = "faulty";
      }
      return true;
    }
  return false;
}

static void for_each_name(const char *variable, bool (*apply)(const char *, size_t), const char *allowed) {
  const char *rest = getenv(variable);
  while (rest && *rest) {
    size_t length = strcspn(rest, ",");
    if (!apply(rest, length)) {
      fprintf(stderr, "%s: unknown function '%.*s': allowed are %s, with commas between\n", variable, (int)length, rest,
              allowed);
      exit(2);
    }
    rest += length + (rest[length] == ',');
  }
}

__attribute__((constructor)) static void choose(void) {
  for_each_name("DIPTYCH_SWAP", exchange, "all, and the functions that include/ipc.h declares");
  for_each_name("DIPTYCH_SWAP_FAULTS", plant, "the functions of Tests/swap/Faults/Faults.swift");
}

__attribute__((destructor)) static void report(void) {
  const char *path = getenv("DIPTYCH_SWAP_REPORT");
  FILE *file = path ? fopen(path, "a") : NULL;
  for (size_t i = 0; file && i < ROWS; i++)
    fprintf(file, "%s %s %lu\n", rows[i].name, rows[i].language, *rows[i].calls);
  if (file && fclose(file) != 0)
    perror(path);
}
