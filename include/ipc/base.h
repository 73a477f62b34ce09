/* Standard types, and the macros that every header of the contract uses. */
#ifndef IPC_BASE_H
#define IPC_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
#define IPC_EXTERN_C_BEGIN extern "C" {
#define IPC_EXTERN_C_END }
#else
#define IPC_EXTERN_C_BEGIN
#define IPC_EXTERN_C_END
#endif

#ifdef __clang__
/// Swift imports this enumeration as an exhaustive one.
#define IPC_CLOSED_ENUM __attribute__((enum_extensibility(closed)))
/// Between these two macros a pointer is never null unless it is marked _Nullable. gcc ignores both.
#define IPC_DECLARATIONS_BEGIN                                                                                         \
  _Pragma("clang diagnostic push") _Pragma("clang diagnostic ignored \"-Wnullability-extension\"")                     \
      _Pragma("clang assume_nonnull begin") IPC_EXTERN_C_BEGIN
#define IPC_DECLARATIONS_END IPC_EXTERN_C_END _Pragma("clang assume_nonnull end") _Pragma("clang diagnostic pop")
#else
#define IPC_CLOSED_ENUM
#define _Nullable
#define _Nonnull
#define IPC_DECLARATIONS_BEGIN IPC_EXTERN_C_BEGIN
#define IPC_DECLARATIONS_END IPC_EXTERN_C_END
#endif

#endif
