/* Files, pipes and folders. */
#ifndef IDIOMS_DESCRIPTORS_H
#define IDIOMS_DESCRIPTORS_H

#pragma clang assume_nonnull begin

#pragma clang assume_nonnull end

#endif
