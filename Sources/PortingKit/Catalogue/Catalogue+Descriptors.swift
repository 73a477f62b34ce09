extension Catalogue {
  static let descriptors = [
    Rule(
      "Descriptors/AtomicReplace", .refused, .line, "Temporary files",
      "mkstemp() changes its argument, so that it needs an array of bytes.", functions: "mkstemp mkdtemp"),
    Rule(
      "Descriptors/AtomicReplace", .shim, .line, "mkostemp()", "Glibc's module lacks it, and CLinux declares it.",
      functions: "mkostemp"),
    Rule(
      "Descriptors/AtomicReplace", .asIs, .line, "rename() and fsync()", "The calls and their order are the same.",
      functions: "rename renameat fsync fdatasync"),
    Rule(
      "Descriptors/CloseOnce", .refused, .line, "close()",
      "A method named close hides close(); a structure that can't be copied closes once.", functions: "close"),
    Rule(
      "Descriptors/FileStatus", .refused, .line, "The kind and the times of files",
      "S_ISREG() and st_mtime are macros, and are not imported.",
      words: "S_ISREG S_ISDIR S_ISCHR S_ISBLK S_ISLNK S_ISSOCK st_mtime st_atime st_ctime"),
    Rule(
      "Descriptors/ListFolder", .refused, .function, "The names in a folder",
      "DIR has no name in Swift, and d_name is a tuple.", functions: "opendir fdopendir readdir scandir closedir"),
    Rule(
      "Descriptors/NamedPipe", .refused, .function, "Named pipes",
      "S_ISFIFO() is a macro, and the mode 0600 is decimal in Swift.", functions: "mkfifo mkfifoat mknod",
      words: "S_ISFIFO"),
    Rule(
      "Descriptors/OpenMode", .wrong, .line, "A mode in octal",
      "0644 compiles, and is decimal in Swift: write 0o644.", constructs: [.octalMode]),
    Rule(
      "Descriptors/OwnedDescriptor", .refused, .function, "goto a label that closes a descriptor",
      "Swift has no goto: a type that can't be copied closes its descriptor on each path.", constructs: [.jumpToClose]),
    Rule(
      "Descriptors/PipePair", .refused, .line, "pipe() and socketpair()",
      "A tuple is no array: int ends[2] becomes an InlineArray or an array.", functions: "pipe socketpair"),
    Rule(
      "Descriptors/PipePair", .shim, .line, "pipe2()", "Glibc's module lacks it, and CLinux declares it.",
      functions: "pipe2"),
    Rule(
      "Descriptors/ReadExactly", .refused, .function, "read() in a loop",
      "&bytes + n is no pointer into the array: use a buffer for the length of a closure.",
      loops: "read recv pread fread"),
    Rule(
      "Descriptors/RecordLock", .refused, .line, "Locks on parts of files",
      "The fields of struct flock are Int16, and the constants Int32.",
      words: "F_SETLK F_SETLKW F_GETLK F_OFD_SETLK F_OFD_SETLKW"),
    Rule(
      "Descriptors/SendFile", .asIs, .line, "sendfile()", "The call is the same.", functions: "sendfile"),
    Rule(
      "Descriptors/SendFile", .shim, .line, "splice()", "Glibc's module lacks it, and CLinux declares it.",
      functions: "splice tee vmsplice copy_file_range"),
    Rule(
      "Descriptors/WriteAll", .refused, .function, "write() in a loop",
      "A Span is a pointer with its count, and advances in one step.", loops: "write send pwrite"),
    Rule(
      "Descriptors/WriteAll", .refused, .line, "An assignment within a condition",
      "An assignment has no value in Swift: it becomes a statement of its own.", constructs: [.assignmentInCondition]),
  ]
}
