/* The functions whose calls are measured. The program costs-c takes them from C, and costs-swift from Swift. */
#ifndef COSTS_H
#define COSTS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __clang__
#pragma clang assume_nonnull begin
#else
#define _Nonnull
#define _Nullable
#endif

/// 64 bytes, as they could be received: text, a character of two bytes, and a sequence that starts a color.
#define COSTS_MESSAGE "A line of text; two of its bytes are é, and \x1b[31m means a color"

int64_t costs_add(int64_t one, int64_t other);

/// As large as the name in `struct ipc_endpoint`.
struct costs_name {
  uint16_t length;
  char bytes[254];
};

/// Copies a structure.
void costs_copy_name(const struct costs_name *name, struct costs_name *copy);

/// Copies a text and its NUL, which need at most `size` bytes; returns its length.
size_t costs_copy_text(const char *text, char *copy, size_t size);

/// Calls a function back.
void costs_notify(void (*event)(void *context, int64_t value), void *context, int64_t value);

/// Runs the program: measures a job whose calls are in C or in Swift, and prints a line of JSON. Returns the exit
/// status.
int costs_main(int count, char *_Nullable *_Nonnull arguments, int64_t (*swift)(const char *job, long count));

#ifdef __clang__
#pragma clang assume_nonnull end
#endif

#endif
