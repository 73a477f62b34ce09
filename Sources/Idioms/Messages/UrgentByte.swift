import Glibc

/// Sends a byte that the peer can receive before all others. Returns 0, or
/// a negative errno.
func sendUrgent(_ fd: CInt, _ byte: UInt8) -> CInt {
  var byte = byte
  var sent: Int
  repeat {
    sent = unsafe send(fd, &byte, 1, CInt(MSG_OOB) | CInt(MSG_NOSIGNAL))
  } while sent < 0 && errno == EINTR
  return sent < 0 ? -errno : 0
}

/// Receives the urgent byte, and drops all input that was sent before it.
/// Returns the byte, or a negative errno: -EINVAL if the peer has sent
/// no urgent byte.
func receiveUrgent(_ fd: CInt) -> CInt {
  var byte: UInt8 = 0
  let count = unsafe recv(fd, &byte, 1, CInt(MSG_OOB))
  guard count > 0 else { return count < 0 ? -errno : -EINVAL }
  var dropped = [UInt8](repeating: 0, count: 512)
  while true {
    var atMark: CInt = 0
    guard unsafe ioctl(fd, UInt(SIOCATMARK), &atMark) == 0 else {
      return -errno
    }
    if atMark != 0 { return CInt(byte) }
    // It stops at the mark.
    let count = unsafe read(fd, &dropped, dropped.count)
    if count == 0 { return CInt(byte) }
    if count < 0 && errno != EINTR { return -errno }
  }
}
