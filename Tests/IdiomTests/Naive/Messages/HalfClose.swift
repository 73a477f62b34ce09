import Glibc

func finishAndRead(_ fd: CInt, _ buffer: inout [UInt8]) -> Int {
  if shutdown(fd, SHUT_WR) < 0 { return -errno }
  var total = 0
  var count = 0
  while (count = read(fd, &buffer[total], buffer.count - total)) > 0 {
    total += count
  }
  return count < 0 ? -errno : total
}
