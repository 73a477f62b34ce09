import Glibc

func forkPerClient(_ listener: CInt, _ limit: Int, _ serve: (CInt) -> Void) {
  var running = 0
  var (none, wait) = (sigset_t(), pollfd())
  signal(SIGCHLD) { _ in }
  while true {
    while running > 0 && waitpid(-1, nil, WNOHANG) > 0 { running -= 1 }
    wait.fd = running < limit ? listener : -1
    if ppoll(&wait, 1, nil, &none) <= 0 { continue }
    let fd = accept(listener, nil, nil)
    let child = fork()
    if child == 0 {
      close(listener)
      serve(fd)
      exit(0)
    }
    if child > 0 { running += 1 }
    close(fd)
  }
}

func startHelper() -> pid_t {
  vfork()
}
