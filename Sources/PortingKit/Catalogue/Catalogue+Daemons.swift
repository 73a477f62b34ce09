extension Catalogue {
  static let daemons = [
    Rule(
      "Daemons/ChangeRoot", .asIs, .line, "chroot()", "The calls are the same; chdir() must follow.",
      functions: "chroot"),
    Rule(
      "Daemons/Daemonize", .refused, .design, "A process that goes to the background",
      "fork() is right only before the first task or thread of Swift: make it the first statements of main.",
      functions: "daemon setsid"),
    Rule(
      "Daemons/DropPrivileges", .refused, .function, "Giving up root",
      "getpwnam() returns an optional pointer to memory of libc; the order of the calls remains.",
      functions: "getpwnam getpwuid getgrnam getgrgid setgroups initgroups setuid setgid seteuid setegid setreuid "
        + "setregid"),
    Rule(
      "Daemons/DropPrivileges", .shim, .line, "setresuid() and setresgid()",
      "Glibc's module lacks them: declare them in a C target, or use setuid() and setgid().",
      functions: "setresuid setresgid getresuid getresgid"),
    Rule(
      "Daemons/LoadLibrary", .refused, .line, "Functions of libraries that are loaded",
      "A cast of the pointer always traps: unsafeBitCast to a type with @convention(c) is right.",
      functions: "dlopen dlsym dlclose"),
    Rule(
      "Daemons/NamedSemaphore", .asIs, .line, "Semaphores",
      "Glibc's module has both forms of sem_open(); a type that can't be copied closes the semaphore once.",
      functions: "sem_open sem_wait sem_timedwait sem_trywait sem_post sem_close sem_unlink sem_init sem_destroy"),
    Rule(
      "Daemons/NotifySupervisor", .refused, .function, "Notifications for systemd, and abstract names of sockets",
      "The protocol is one datagram, and needs no library; the first byte of an abstract name is 0.",
      functions: "sd_notify sd_notifyf sd_listen_fds", constructs: [.abstractName]),
    Rule(
      "Daemons/ParseOptions", .refused, .function, "getopt()",
      "optarg and optind are globals, which the Swift 6 language mode refuses: a loop over a slice replaces them.",
      functions: "getopt getopt_long getopt_long_only", words: "optarg optind opterr optopt optreset"),
    Rule(
      "Daemons/PidFile", .refused, .function, "The process's number as text, as in a pid file",
      "dprintf() is variadic, and 0644 is decimal in Swift; the lock says whether the daemon runs.",
      functions: "pidfile_open pidfile_write", constructs: [.printedIdentifier]),
    Rule(
      "Daemons/QueueMessages", .shim, .function, "Message queues",
      "Glibc's module lacks <mqueue.h>, and mq_open() is variadic; CLinux has both.",
      functions: "mq_open mq_send mq_receive mq_timedsend mq_timedreceive mq_getattr mq_setattr mq_unlink mq_notify"),
    Rule(
      "Daemons/RandomBytes", .refused, .line, "Random numbers",
      "Glibc's module lacks getrandom(), and nothing needs it: random(in:) uses it.",
      functions: "getrandom getentropy rand srand random srandom rand_r drand48 arc4random arc4random_uniform "
        + "arc4random_buf"),
    Rule(
      "Daemons/ResourceLimit", .refused, .line, "Limits of resources",
      "RLIMIT_NOFILE is a case of an enumeration, and RLIM_INFINITY does not fit the type.",
      functions: "getrlimit setrlimit"),
    Rule(
      "Daemons/SystemLog", .refused, .function, "The system's log",
      "syslog() is variadic: vsyslog() and withVaList replace it. openlog() keeps its pointer.",
      functions: "syslog vsyslog openlog closelog setlogmask"),
  ]
}
