import Glibc

func readParts(_ fd: CInt, _ head: inout [UInt8], _ body: inout [UInt8]) -> Int {
  let parts = [
    iovec(iov_base: &head, iov_len: head.count),
    iovec(iov_base: &body, iov_len: body.count),
  ]
  return readv(fd, parts, 2)
}
