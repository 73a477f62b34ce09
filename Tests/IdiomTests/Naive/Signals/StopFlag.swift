import Glibc

func serveUntilStopped(_ serve: () -> Void) {
  var stopSignal: CInt = 0
  signal(SIGINT) { number in stopSignal = number }
  signal(SIGTERM) { number in stopSignal = number }
  while stopSignal == 0 { serve() }
}
