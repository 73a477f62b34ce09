/* Memory and its layout. */
#ifndef IDIOMS_MEMORY_H
#define IDIOMS_MEMORY_H

#pragma clang assume_nonnull begin

#pragma clang assume_nonnull end

#endif
