import Glibc

func receiveWithInfo(_ fd: CInt, _ message: inout msghdr) -> in_addr? {
  let count = recvmsg(fd, &message, 0)
  if count < 0 || message.msg_flags & MSG_TRUNC { return nil }
  var each = CMSG_FIRSTHDR(&message)
  while each != nil {
    if each.pointee.cmsg_level == IPPROTO_IP && each.pointee.cmsg_type == IP_PKTINFO {
      let info = CMSG_DATA(each) as! UnsafePointer<in_pktinfo>
      return info.pointee.ipi_addr
    }
    each = CMSG_NXTHDR(&message, each)
  }
  return nil
}
