import Glibc

func complain(_ program: String, _ what: String, _ error: CInt) {
  let saved = errno
  fprintf(stderr, "%s: %s: %s\n", program, what, strerror(error))
  fflush(stderr)
  errno = saved
}

func complainBriefly(_ what: String) {
  fputs(what, stderr)
}
