static _Thread_local unsigned calls;

/// Counts the calls of each thread. Returns how many there were by the
/// calling one.
unsigned thread_calls(void) { return ++calls; }
