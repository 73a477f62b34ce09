import Glibc

func forkPerClient(_ listener: CInt, _ serve: (CInt) -> Void) {
  signal(SIGCHLD) { _ in
    while waitpid(-1, nil, WNOHANG) > 0 {}
  }
  while true {
    let fd = accept(listener, nil, nil)
    let child = fork()
    if child == 0 {
      close(listener)
      serve(fd)
      exit(0)
    }
    close(fd)
  }
}

func startHelper() -> pid_t {
  vfork()
}
