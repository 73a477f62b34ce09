/* The manners of a daemon. */
#ifndef IDIOMS_DAEMONS_H
#define IDIOMS_DAEMONS_H

#pragma clang assume_nonnull begin

#pragma clang assume_nonnull end

#endif
