/* Threads, globals and callbacks. */
#ifndef IDIOMS_THREADS_H
#define IDIOMS_THREADS_H

#pragma clang assume_nonnull begin

#pragma clang assume_nonnull end

#endif
