import Glibc

func receiveBatch(_ fd: CInt, _ buffers: inout [[UInt8]]) -> CInt {
  var messages = [mmsghdr](repeating: mmsghdr(), count: 8)
  var parts = [iovec](repeating: iovec(), count: 8)
  for i in 0..<8 {
    parts[i].iov_base = &buffers[i]
    parts[i].iov_len = buffers[i].count
    messages[i].msg_hdr.msg_iov = &parts[i]
    messages[i].msg_hdr.msg_iovlen = 1
  }
  return recvmmsg(fd, &messages, 8, MSG_WAITFORONE, nil)
}
