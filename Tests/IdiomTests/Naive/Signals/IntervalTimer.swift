import Glibc

func readBefore(
  _ fd: CInt, _ buffer: UnsafeMutableRawPointer, _ size: Int,
  _ milliseconds: Int
) -> Int {
  var expired = false
  var action = sigaction()
  action.__sigaction_handler.sa_handler = { _ in expired = true }
  sigaction(SIGALRM, &action, nil)
  var timer = itimerval()
  timer.it_interval.tv_usec = 10000
  timer.it_value.tv_usec = milliseconds * 1000
  setitimer(ITIMER_REAL, &timer, nil)
  let count = read(fd, buffer, size)
  return expired ? -ETIMEDOUT : count
}
