import Glibc

func daemonize() -> CInt {
  var child = fork()
  if child < 0 { return -errno }
  if child { _exit(0) }
  if setsid() < 0 { return -errno }
  child = fork()
  if child < 0 { return -errno }
  if child { _exit(0) }
  chdir("/")
  let null = open("/dev/null", O_RDWR)
  for fd in 0...2 { dup2(null, fd) }
  if null > 2 { close(null) }
  return 0
}
