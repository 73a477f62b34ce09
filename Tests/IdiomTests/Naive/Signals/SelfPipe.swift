import Glibc

var selfPipe: [CInt] = [-1, -1]

func signalPipe(_ signals: [CInt]) -> CInt {
  if pipe2(&selfPipe, O_CLOEXEC | O_NONBLOCK) < 0 {
    return -errno
  }
  for number in signals {
    signal(number) { number in
      var byte = UInt8(number)
      write(selfPipe[1], &byte, 1)
    }
  }
  return selfPipe[0]
}
