import Glibc

/// Writes all bytes, however many calls that takes. Returns 0, or a
/// negative errno; then a part may be written. The descriptor is blocking.
func writeAll(_ fd: CInt, _ bytes: Span<UInt8>) -> CInt {
  var rest = bytes
  while !rest.isEmpty {
    let n = unsafe rest.withUnsafeBytes {
      unsafe write(fd, $0.baseAddress, $0.count)
    }
    if n < 0 {
      let error = errno
      if error == EINTR { continue }
      return -error
    }
    rest = rest.extracting(droppingFirst: n)
  }
  return 0
}
