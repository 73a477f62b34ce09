import Glibc

func waitForChild(_ child: pid_t) -> CInt {
  var status: CInt = 0
  if waitpid(child, &status, 0) < 0 {
    return -errno
  }
  if WIFEXITED(status) {
    return WEXITSTATUS(status)
  }
  if WIFSIGNALED(status) {
    return 128 + WTERMSIG(status)
  }
  return -1
}
