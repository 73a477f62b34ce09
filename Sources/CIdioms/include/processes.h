/* Processes. */
#ifndef IDIOMS_PROCESSES_H
#define IDIOMS_PROCESSES_H

#pragma clang assume_nonnull begin

#pragma clang assume_nonnull end

#endif
