/* Messages with ancillary data, datagrams, and several buffers. */
#ifndef IDIOMS_MESSAGES_H
#define IDIOMS_MESSAGES_H

#pragma clang assume_nonnull begin

#pragma clang assume_nonnull end

#endif
