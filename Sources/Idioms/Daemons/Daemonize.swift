import Glibc

/// Continues in the background: without a terminal, in the folder "/", with
/// umask 022, and /dev/null as input and output. Returns 0 in the daemon, or
/// a negative errno; the calling process ends. Call it first in `main`, before
/// a task or a thread exists: fork(2) copies the calling thread only.
func daemonize() -> CInt {
  var child = fork()
  guard child >= 0 else { return -errno }
  if child > 0 { _exit(0) }
  guard setsid() >= 0 else { return -errno }
  // The leader of a session could get a terminal again; its child can't.
  child = fork()
  guard child >= 0 else { return -errno }
  if child > 0 { _exit(0) }
  guard unsafe chdir("/") == 0 else { return -errno }
  umask(0o022)  // The caller's may let others write to the daemon's files.
  let null = unsafe open("/dev/null", O_RDWR)
  guard null >= 0 else { return -errno }
  var error: CInt = 0
  for fd: CInt in 0...2 where dup2(null, fd) < 0 { error = -errno }
  if null > 2 { close(null) }
  return error
}
