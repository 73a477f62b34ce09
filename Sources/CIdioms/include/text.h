/* Text and stdio. */
#ifndef IDIOMS_TEXT_H
#define IDIOMS_TEXT_H

#pragma clang assume_nonnull begin

#pragma clang assume_nonnull end

#endif
