import Glibc

/// Receives a datagram, and sends it back. Returns its length, which can be
/// 0, or a negative errno: -EMSGSIZE if it is longer than 1,472 bytes.
func echoDatagram(_ fd: CInt) -> Int {
  // What fits into one Ethernet frame.
  var buffer = [UInt8](repeating: 0, count: 1472)
  var peer = sockaddr_storage()
  return unsafe withUnsafeMutableBytes(of: &peer) { peer in
    let address = unsafe peer.baseAddress!.assumingMemoryBound(
      to: sockaddr.self)
    var length: socklen_t
    var count: Int
    repeat {
      length = socklen_t(MemoryLayout<sockaddr_storage>.size)
      // With MSG_TRUNC the result is the length of the whole datagram.
      count = unsafe recvfrom(
        fd, &buffer, buffer.count, CInt(MSG_TRUNC), address, &length)
    } while count < 0 && errno == EINTR
    guard count >= 0 else { return -Int(errno) }
    guard count <= buffer.count else { return -Int(EMSGSIZE) }
    var sent: Int
    repeat {
      sent = unsafe sendto(
        fd, buffer, count, CInt(MSG_NOSIGNAL), address, length)
    } while sent < 0 && errno == EINTR
    return sent < 0 ? -Int(errno) : sent
  }
}
