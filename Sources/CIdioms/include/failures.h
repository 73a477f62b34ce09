/* Errors, and what a function does about them. */
#ifndef IDIOMS_FAILURES_H
#define IDIOMS_FAILURES_H

#pragma clang assume_nonnull begin

#pragma clang assume_nonnull end

#endif
