import CLinux
import Glibc

/// Lets a UDP socket report where each datagram was sent to. Returns 0, or
/// a negative errno.
func wantPacketInfo(_ fd: CInt) -> CInt {
  var on: CInt = 1
  let size = socklen_t(MemoryLayout<CInt>.size)
  return unsafe setsockopt(fd, CInt(IPPROTO_IP), IP_PKTINFO, &on, size) < 0
    ? -errno : 0
}

/// Receives a datagram. Returns its length and the address to which it was
/// sent, or a negative errno: -EMSGSIZE if it is longer than the buffer,
/// -ENODATA if the kernel reported no address.
func receiveWithInfo(
  _ fd: CInt, into buffer: inout MutableSpan<UInt8>
) -> (count: Int, info: in_pktinfo) {
  var info = in_pktinfo()
  let count = unsafe buffer.withUnsafeMutableBytes { bytes in
    var part = unsafe iovec(iov_base: bytes.baseAddress, iov_len: bytes.count)
    return unsafe withUnsafeMutablePointer(to: &part) { part in
      unsafe withUnsafeTemporaryAllocation(
        byteCount: linux_cmsg_space(MemoryLayout<in_pktinfo>.size),
        alignment: MemoryLayout<cmsghdr>.alignment
      ) { control in
        var message = unsafe msghdr()
        unsafe message.msg_iov = part
        unsafe message.msg_iovlen = 1
        unsafe message.msg_control = control.baseAddress
        unsafe message.msg_controllen = control.count
        return unsafe receive(fd, &message, &info)
      }
    }
  }
  return (count, info)
}

/// The message's pointers are valid as long as this function runs.
@unsafe private func receive(
  _ fd: CInt, _ message: inout msghdr, _ info: inout in_pktinfo
) -> Int {
  var count: Int
  repeat {
    count = unsafe recvmsg(fd, &message, 0)
  } while count < 0 && errno == EINTR
  guard count >= 0 else { return -Int(errno) }
  if unsafe message.msg_flags & CInt(MSG_TRUNC) != 0 { return -Int(EMSGSIZE) }
  var next = unsafe linux_cmsg_first(&message)
  while let each = unsafe next {
    if unsafe each.pointee.cmsg_level == CInt(IPPROTO_IP)
      && each.pointee.cmsg_type == IP_PKTINFO
    {
      info = unsafe linux_cmsg_data(each).loadUnaligned(as: in_pktinfo.self)
      return count
    }
    unsafe next = linux_cmsg_next(&message, each)
  }
  return -Int(ENODATA)
}
