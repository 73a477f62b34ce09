extension Catalogue {
  static let readiness = [
    Rule(
      "Readiness/BytesReady", .refused, .line, "ioctl()",
      "The request is a UInt, and FIONREAD an Int32; the result must be a CInt.", functions: "ioctl", words: "FIONREAD"),
    Rule(
      "Readiness/EpollLoop", .shim, .function, "epoll",
      "Glibc's module lacks <sys/epoll.h>, which CLinux includes.",
      functions: "epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait"),
    Rule(
      "Readiness/EventCounter", .shim, .line, "A descriptor that wakes a thread",
      "Glibc's module lacks <sys/eventfd.h>, which CLinux includes.", functions: "eventfd eventfd_read eventfd_write"),
    Rule(
      "Readiness/NonBlocking", .asIs, .line, "O_NONBLOCK",
      "Glibc's module has the three forms of fcntl(), and the flags work as in C.",
      words: "O_NONBLOCK O_NDELAY FNDELAY FIONBIO"),
    Rule(
      "Readiness/PollDescriptors", .refused, .function, "poll()",
      "The fields of pollfd are Int16, and POLLIN is an Int32.", functions: "poll"),
    Rule(
      "Readiness/PollDescriptors", .shim, .line, "ppoll()", "Glibc's module lacks it: poll() and a signal descriptor.",
      functions: "ppoll"),
    Rule(
      "Readiness/SelectDescriptors", .refused, .function, "select()",
      "FD_SET and its siblings are macros, and the bits a tuple: use poll(), or the page's structure.",
      functions: "select pselect", words: "fd_set FD_SET FD_ZERO FD_ISSET FD_CLR"),
    Rule(
      "Readiness/TimerDescriptor", .shim, .function, "A timer that is a descriptor",
      "Glibc's module lacks <sys/timerfd.h>, which CLinux includes.",
      functions: "timerfd_create timerfd_settime timerfd_gettime"),
    Rule(
      "Readiness/WatchFolder", .refused, .function, "inotify",
      "Swift imports the structure of an event without its name, which is behind it.",
      functions: "inotify_init inotify_init1 inotify_add_watch inotify_rm_watch"),
  ]
}
