import Glibc

func readSome(_ fd: CInt, _ bytes: UnsafeMutableRawPointer, _ count: Int) -> Int {
  let n = TEMP_FAILURE_RETRY(read(fd, bytes, count))
  return n < 0 ? Int(-errno) : n
}

func waitChild(_ child: pid_t) -> CInt {
  var status: CInt
  let ended = TEMP_FAILURE_RETRY(waitpid(child, &status, 0))
  return ended < 0 ? -errno : status
}
