#include <stdatomic.h>
#include <stdint.h>

/// A counter in memory that several processes share: all bytes zero at
/// first.
struct shared_counter {
  _Atomic uint32_t count;
};

/// Adds to the counter. Returns its value before that.
uint32_t shared_counter_add(struct shared_counter *counter, uint32_t n) {
  return atomic_fetch_add_explicit(&counter->count, n, memory_order_relaxed);
}

/// Adds 1 unless that would exceed a limit. Returns whether it did.
_Bool shared_counter_enter(struct shared_counter *counter, uint32_t limit) {
  uint32_t count = atomic_load_explicit(&counter->count, memory_order_relaxed);
  while (count < limit) {
    // If it fails, count is the value that another process has stored.
    if (atomic_compare_exchange_weak_explicit(&counter->count, &count,
                                              count + 1, memory_order_acq_rel,
                                              memory_order_relaxed))
      return 1;
  }
  return 0;
}
