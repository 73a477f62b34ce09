/* Functions with a callback and its context: what _GNU_SOURCE would declare. */
#ifndef LINUX_CALLBACKS_H
#define LINUX_CALLBACKS_H

#pragma clang module import SwiftGlibc

#include <stddef.h>

/* <stdlib.h> */
void qsort_r(void *_Nonnull elements, size_t count, size_t size,
             int (*_Nonnull compare)(const void *_Nonnull a, const void *_Nonnull b, void *_Nonnull context),
             void *_Nonnull context);

#endif
