/* The jobs whose calls are in C. Each returns a sum of its results, which is the same in both languages. */
#ifndef CALLERS_H
#define CALLERS_H

#include "include/costs.h"

typedef int64_t job(long count);

/// Returns the job of a name, or NULL.
job *find_job(const char *name);

/// Prints a message, and exits.
_Noreturn void fail(const char *text, const char *what);

#endif
