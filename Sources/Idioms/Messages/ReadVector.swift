import Glibc

/// Reads a header and then a body with one call. Returns the number of
/// bytes of both, 0 at the end, or a negative errno.
func readParts(
  _ fd: CInt, head: inout MutableSpan<UInt8>, body: inout MutableSpan<UInt8>
) -> Int {
  unsafe head.withUnsafeMutableBytes { head in
    unsafe body.withUnsafeMutableBytes { body in
      // The pointers are valid until the closures return.
      let parts: [2 of iovec] = unsafe [
        iovec(iov_base: head.baseAddress, iov_len: head.count),
        iovec(iov_base: body.baseAddress, iov_len: body.count),
      ]
      return unsafe parts.span.withUnsafeBufferPointer {
        var count: Int
        repeat {
          count = unsafe readv(fd, $0.baseAddress, CInt($0.count))
        } while count < 0 && errno == EINTR
        return count < 0 ? -Int(errno) : count
      }
    }
  }
}
