extension Catalogue {
  static let processes = [
    Rule(
      "Processes/CloseInherited", .shim, .line, "close_range()", "Glibc's module lacks it, and CLinux declares it.",
      functions: "close_range", words: "CLOSE_RANGE_CLOEXEC"),
    Rule(
      "Processes/CloseInherited", .asIs, .line, "Descriptors that a child inherits",
      "FD_CLOEXEC works as in C, and so does closefrom().", functions: "closefrom", words: "FD_CLOEXEC"),
    Rule(
      "Processes/EnvironmentVariable", .asIs, .line, "Environment variables",
      "getenv() returns an optional, and is not safe beside setenv(): copy the value under a lock.",
      functions: "getenv setenv putenv unsetenv clearenv"),
    Rule(
      "Processes/EnvironmentVariable", .shim, .function, "environ",
      "Swift's environ ends the process after clearenv(); CLinux has a function that returns nil.", words: "environ"),
    Rule(
      "Processes/ForkPerClient", .refused, .design, "fork()",
      "The child of fork() has only one thread, and a lock of the runtime can stay locked: start a program, or use "
        + "threads.", functions: "fork vfork"),
    Rule(
      "Processes/ProcessIdentity", .asIs, .line, "The name of the host",
      "gethostname() takes an array, and may leave out the NUL.", functions: "gethostname getdomainname"),
    Rule(
      "Processes/ProcessIdentity", .refused, .line, "sysconf()", "The names are Int, and sysconf() takes an Int32.",
      functions: "sysconf"),
    Rule(
      "Processes/ProcessIdentity", .shim, .line, "syscall() and gettid()",
      "syscall() is variadic, and gettid() needs _GNU_SOURCE; CLinux declares it.", functions: "syscall gettid"),
    Rule(
      "Processes/ReadCommand", .refused, .function, "The output of a command",
      "popen() needs a shell, and the macros for its status are missing.", functions: "popen pclose system"),
    Rule(
      "Processes/SpawnProgram", .refused, .function, "Starting programs",
      "execl() is variadic, and Swift does not convert an array of strings: posix_spawn() does it all.",
      functions: "posix_spawn posix_spawnp execl execlp execle execv execvp execve fexecve"),
    Rule(
      "Processes/WaitStatus", .refused, .line, "The status of a child",
      "WIFEXITED and its siblings are macros: shift and mask.", functions: "wait waitpid waitid wait3 wait4",
      words: "WIFEXITED WEXITSTATUS WIFSIGNALED WTERMSIG WIFSTOPPED WSTOPSIG WIFCONTINUED WCOREDUMP"),
  ]
}
