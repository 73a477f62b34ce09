import Glibc

func writeMessage(_ fd: CInt, _ head: [UInt8], _ body: [UInt8]) -> Int {
  var parts = [
    iovec(iov_base: head, iov_len: head.count),
    iovec(iov_base: body, iov_len: body.count),
  ]
  return writev(fd, &parts, parts.count)
}
