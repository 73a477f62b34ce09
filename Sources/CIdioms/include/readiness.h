/* Waiting until descriptors are ready. */
#ifndef IDIOMS_READINESS_H
#define IDIOMS_READINESS_H

#pragma clang assume_nonnull begin

#pragma clang assume_nonnull end

#endif
