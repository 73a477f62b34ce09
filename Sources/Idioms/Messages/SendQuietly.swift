import Glibc

/// Sends all bytes. `more` lets TCP wait for the next call, and fill its
/// packet. `done` is how many bytes were sent: 0 at first. Returns 0, or a
/// negative errno: -EPIPE, without SIGPIPE, if the peer is gone; after
/// -EAGAIN the next call sends the rest.
func sendAll(
  _ fd: CInt, _ bytes: Span<UInt8>, more: Bool, done: inout Int
) -> CInt {
  let flags = CInt(MSG_NOSIGNAL | (more ? MSG_MORE : 0))
  while done < bytes.count {
    let rest = bytes.extracting(droppingFirst: done)
    let sent = unsafe rest.withUnsafeBytes {
      unsafe send(fd, $0.baseAddress, $0.count, flags)
    }
    if sent < 0 && errno == EINTR { continue }
    if sent < 0 { return -errno }
    done += sent
  }
  return 0
}
