import Glibc

func sendDescriptor(_ socket: CInt, _ fd: CInt) -> CInt {
  var byte: UInt8 = 0
  var part = iovec(iov_base: &byte, iov_len: 1)
  var control = [UInt8](repeating: 0, count: CMSG_SPACE(sizeof(CInt)))
  var message = msghdr()
  message.msg_iov = &part
  message.msg_iovlen = 1
  message.msg_control = &control
  message.msg_controllen = control.count
  let header = CMSG_FIRSTHDR(&message)
  header.pointee.cmsg_len = CMSG_LEN(sizeof(CInt))
  header.pointee.cmsg_level = SOL_SOCKET
  header.pointee.cmsg_type = SCM_RIGHTS
  memcpy(CMSG_DATA(header), &fd, sizeof(CInt))
  return sendmsg(socket, &message, MSG_NOSIGNAL) < 0 ? -errno : 0
}
