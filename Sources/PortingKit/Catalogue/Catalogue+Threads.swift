extension Catalogue {
  static let threads = [
    Rule(
      "Threads/BlockingCall", .wrong, .function, "Calls that wait for others",
      "They compile in async code, and occupy one of its few threads: give them a thread of their own.",
      functions: "flock lockf sleep usleep nanosleep pause sigsuspend", words: "F_SETLKW"),
    Rule(
      "Threads/CallbackContext", .refused, .function, "A callback with void *context",
      "A C function pointer captures nothing: Unmanaged passes an object through the context.",
      constructs: [.callbackWithContext]),
    Rule(
      "Threads/CallbackContext", .shim, .line, "qsort_r()", "Glibc's module lacks it; sort(by:) takes a closure.",
      functions: "qsort_r"),
    Rule(
      "Threads/DispatchTable", .refused, .function, "A table of functions",
      "A dictionary of closures that are @Sendable replaces it.", constructs: [.functionTable]),
    Rule(
      "Threads/GlobalCounter", .refused, .design, "Global variables",
      "The Swift 6 language mode refuses a global var: Atomic for a number, Mutex for more, or a parameter.",
      constructs: [.mutableGlobal]),
    Rule(
      "Threads/LockedTable", .refused, .function, "Mutexes",
      "A pthread_mutex_t in a structure would be copied: Mutex contains the value that it protects.",
      functions: "pthread_mutex_init pthread_mutex_lock pthread_mutex_trylock pthread_mutex_unlock "
        + "pthread_rwlock_rdlock pthread_rwlock_wrlock pthread_spin_lock", words: "PTHREAD_MUTEX_INITIALIZER"),
    Rule(
      "Threads/OnceInitialized", .refused, .line, "pthread_once()",
      "A global let is initialized once, at its first use.", functions: "pthread_once"),
    Rule(
      "Threads/SortRecords", .wrong, .line, "qsort()",
      "A difference as the result of a comparison traps: sort(by:) takes a closure.",
      functions: "qsort bsearch lfind lsearch"),
    Rule(
      "Threads/StartThread", .refused, .function, "Threads",
      "The function of a thread captures nothing: an object goes through the pointer.",
      functions: "pthread_create"),
    Rule(
      "Threads/StaticLocal", .refused, .function, "A static variable in a function",
      "Swift has none: a type within the function has a static property.", constructs: [.staticLocal]),
    Rule(
      "Threads/ThreadLocal", .refused, .function, "Variables of threads",
      "Swift has none: pthread_key_create() and an object do the same.",
      functions: "pthread_key_create pthread_setspecific pthread_getspecific", constructs: [.threadLocal]),
    Rule(
      "Threads/WaitCondition", .refused, .function, "Condition variables",
      "Synchronization has none, and that of libc needs a mutex of libc, at a fixed address.",
      functions: "pthread_cond_init pthread_cond_wait pthread_cond_timedwait pthread_cond_signal "
        + "pthread_cond_broadcast"),
  ]
}
