import Glibc
import Synchronization

private let fileAtExit = Mutex<String?>(nil)

/// Lets exit(3) remove a file. Returns 0, or a negative errno.
func removeAtExit(_ path: String) -> CInt {
  guard path.utf8.count < Int(PATH_MAX) else { return -ENAMETOOLONG }
  fileAtExit.withLock { $0 = path }
  let registered = atexit {
    if let path = fileAtExit.withLock({ $0 }) { unsafe unlink(path) }
  }
  return registered == 0 ? 0 : -ENOMEM
}

/// Writes "PROGRAM: WHAT: the text of errno" to standard error, and exits.
func fatal(_ status: CInt, _ what: String) -> Never {
  let error = errno
  let name = CommandLine.arguments.first?.split(separator: "/").last ?? "?"
  let text = unsafe String(cString: strerror(error))
  let line = Array("\(name): \(what): \(text)\n".utf8)
  _ = unsafe write(STDERR_FILENO, line, line.count)
  exit(status)
}
