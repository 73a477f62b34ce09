import Glibc

func logStart(_ name: String, _ options: CInt) {
  openlog(name, options, LOG_DAEMON)
}

func logClient(_ peer: String, _ bytes: Int) {
  syslog(LOG_INFO, "%s: %ld bytes", peer, bytes)
}
