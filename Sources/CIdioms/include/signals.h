/* Signals. */
#ifndef IDIOMS_SIGNALS_H
#define IDIOMS_SIGNALS_H

#pragma clang assume_nonnull begin

#pragma clang assume_nonnull end

#endif
