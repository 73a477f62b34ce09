import CLinux
import Glibc

/// Receives up to 8 datagrams with one call, and waits for the first one
/// only. Returns their number, or a negative errno, and the datagrams: nil
/// in place of one that is longer than 1,472 bytes.
func receiveBatch(_ fd: CInt) -> (count: CInt, datagrams: [[UInt8]?]) {
  let (datagrams, size) = (8, 1472)
  return unsafe withUnsafeTemporaryAllocation(
    byteCount: datagrams * size, alignment: 1
  ) { buffer in
    unsafe withUnsafeTemporaryAllocation(
      of: iovec.self, capacity: datagrams
    ) { parts in
      var messages = unsafe [linux_mmsghdr](
        repeating: linux_mmsghdr(), count: datagrams)
      for index in 0..<datagrams {
        let part = unsafe iovec(
          iov_base: buffer.baseAddress! + index * size, iov_len: size)
        unsafe parts.initializeElement(at: index, to: part)
        unsafe messages[index].msg_hdr.msg_iov = parts.baseAddress! + index
        unsafe messages[index].msg_hdr.msg_iovlen = 1
      }
      var count: CInt
      repeat {
        count = unsafe linux_recvmmsg(
          fd, &messages, UInt32(datagrams), CInt(MSG_WAITFORONE))
      } while count < 0 && errno == EINTR
      guard count >= 0 else { return (-errno, []) }
      let received = (0..<Int(count)).map { index -> [UInt8]? in
        let isCut =
          unsafe messages[index].msg_hdr.msg_flags & CInt(MSG_TRUNC) != 0
        let length = unsafe Int(messages[index].msg_len)
        return isCut
          ? nil : unsafe Array(buffer[index * size..<index * size + length])
      }
      return (count, received)
    }
  }
}
