import Glibc

func sendUrgent(_ fd: CInt, _ byte: UInt8) -> CInt {
  send(fd, &byte, 1, MSG_OOB) < 0 ? -errno : 0
}

func receiveUrgent(_ fd: CInt) -> CInt {
  var byte: UInt8 = 0
  if recv(fd, &byte, 1, MSG_OOB) < 0 { return -errno }
  var atMark: CInt = 0
  var dropped = [UInt8](repeating: 0, count: 512)
  while ioctl(fd, SIOCATMARK, &atMark) == 0 && !atMark {
    read(fd, &dropped, dropped.count)
  }
  return byte
}
