import CLinux
import Glibc

private let descriptorSize = MemoryLayout<CInt>.size

/// Sends a descriptor through a Unix socket. Returns 0, or a negative
/// errno.
func sendDescriptor(_ socket: CInt, _ fd: CInt) -> CInt {
  withDescriptorMessage(linux_cmsg_space(descriptorSize)) { message in
    let header = unsafe linux_cmsg_first(message)!
    unsafe header.pointee.cmsg_len = linux_cmsg_len(descriptorSize)
    unsafe header.pointee.cmsg_level = SOL_SOCKET
    unsafe header.pointee.cmsg_type = CInt(SCM_RIGHTS)
    unsafe linux_cmsg_data(header).storeBytes(of: fd, as: CInt.self)
    while true {
      if unsafe sendmsg(socket, message, CInt(MSG_NOSIGNAL)) >= 0 { return 0 }
      let error = errno
      if error != EINTR { return -error }
    }
  }
}

/// Receives a descriptor. Returns it, or a negative errno: -ENODATA at the
/// end of the data, -EBADMSG if a message has no descriptor or more than
/// one.
func receiveDescriptor(_ socket: CInt) -> CInt {
  // Not the space: its padding has room for a second descriptor.
  withDescriptorMessage(linux_cmsg_len(descriptorSize)) { message in
    var count: Int
    repeat {
      count = unsafe recvmsg(socket, message, CInt(MSG_CMSG_CLOEXEC))
    } while count < 0 && errno == EINTR
    guard count >= 0 else { return -errno }
    var fd: CInt = -1
    if let header = unsafe linux_cmsg_first(message),
      unsafe header.pointee.cmsg_level == SOL_SOCKET,
      unsafe header.pointee.cmsg_type == CInt(SCM_RIGHTS),
      unsafe header.pointee.cmsg_len == linux_cmsg_len(descriptorSize)
    {
      fd = unsafe linux_cmsg_data(header).loadUnaligned(as: CInt.self)
    }
    let isCut = unsafe message.pointee.msg_flags & CInt(MSG_CTRUNC) != 0
    if fd >= 0 && count > 0 && !isCut { return fd }
    if fd >= 0 { close(fd) }
    return count == 0 && fd < 0 ? -ENODATA : -EBADMSG
  }
}

/// Makes a message of one byte, without which a stream socket sends
/// nothing, and of a control message. The pointers are valid within the
/// closure.
@safe private func withDescriptorMessage(
  _ controlSize: Int, _ body: (UnsafeMutablePointer<msghdr>) -> CInt
) -> CInt {
  var byte: UInt8 = 0
  return unsafe withUnsafeMutableBytes(of: &byte) { byte in
    var part = unsafe iovec(iov_base: byte.baseAddress, iov_len: byte.count)
    return unsafe withUnsafeMutablePointer(to: &part) { part in
      unsafe withUnsafeTemporaryAllocation(
        byteCount: linux_cmsg_space(descriptorSize),
        alignment: MemoryLayout<cmsghdr>.alignment
      ) { control in
        unsafe control.initializeMemory(as: UInt8.self, repeating: 0)
        var message = unsafe msghdr()
        unsafe message.msg_iov = part
        unsafe message.msg_iovlen = 1
        unsafe message.msg_control = control.baseAddress
        unsafe message.msg_controllen = controlSize
        return unsafe body(&message)
      }
    }
  }
}
