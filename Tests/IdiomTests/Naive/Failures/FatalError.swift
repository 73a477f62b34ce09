import Glibc

func removeAtExit(_ path: String) -> CInt {
  return atexit { unlink(path) } == 0 ? 0 : -ENOMEM
}

func fatal(_ status: CInt, _ what: String) -> Never {
  err(status, "%s", what)
}
