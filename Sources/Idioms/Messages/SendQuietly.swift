import Glibc

/// Sends all bytes. `more` lets TCP wait for the next call, and fill its
/// packet. Returns 0, or a negative errno: -EPIPE, without SIGPIPE, if the
/// peer is gone.
func sendAll(_ fd: CInt, _ bytes: Span<UInt8>, more: Bool) -> CInt {
  let flags = CInt(MSG_NOSIGNAL | (more ? MSG_MORE : 0))
  return unsafe bytes.withUnsafeBytes { bytes in
    var rest = unsafe bytes[...]
    while unsafe !rest.isEmpty {
      let sent = unsafe send(
        fd, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count,
        flags)
      if sent < 0 && errno == EINTR { continue }
      if sent < 0 { return -errno }
      unsafe rest = rest.dropFirst(sent)
    }
    return 0
  }
}
