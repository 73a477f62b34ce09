import Glibc
import Synchronization

private struct MadeFile {
  let path: String
  let status: stat
  let maker: pid_t

  func remove() {
    var now = stat()
    // A child that calls exit(3) must not remove it, nor this process the
    // file that another one has put in its place.
    if unsafe getpid() == maker && lstat(path, &now) == 0
      && now.st_dev == status.st_dev && now.st_ino == status.st_ino
    {
      unsafe unlink(path)
    }
  }
}

private let fileAtExit = Mutex<MadeFile?>(nil)

/// Lets exit(3) remove a file that this process made and keeps open, such as
/// its Unix socket: as long as it is open, no other file has its number. Call
/// it once. Returns 0, or a negative errno.
func removeAtExit(_ path: String) -> CInt {
  guard path.utf8.count < Int(PATH_MAX) else { return -ENAMETOOLONG }
  var status = stat()
  guard unsafe lstat(path, &status) == 0 else { return -errno }
  let file = MadeFile(path: path, status: status, maker: getpid())
  fileAtExit.withLock { $0 = file }
  // The function can't capture a variable: it has no context.
  let registered = atexit { fileAtExit.withLock { $0 }?.remove() }
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
