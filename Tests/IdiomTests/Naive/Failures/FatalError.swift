import Glibc

func removeAtExit(_ path: String) -> CInt {
  var made = stat()
  if lstat(path, &made) < 0 { return -errno }
  return atexit {
    var now = stat()
    if lstat(path, &now) == 0 && now.st_ino == made.st_ino { unlink(path) }
  }
}

func fatal(_ status: CInt, _ what: String) -> Never {
  err(status, "%s", what)
}
