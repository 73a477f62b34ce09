import Glibc

/// A connection that is closed at the end of its scope, or earlier by a
/// call.
struct ClosingConnection: ~Copyable {
  private(set) var fd: CInt

  init(_ fd: CInt) { self.fd = fd }
  deinit { if fd >= 0 { Glibc.close(fd) } }

  /// Closes the connection once, however often it is called. Returns 0, or
  /// a negative errno: the last write(2) to some files fails only here.
  mutating func close() -> CInt {
    guard fd >= 0 else { return 0 }
    let closing = fd
    fd = -1
    // After EINTR Linux has closed the descriptor, too: a second close(2)
    // could close one that another thread has just opened.
    let result = Glibc.close(closing)
    let error = errno
    return result < 0 && error != EINTR ? -error : 0
  }
}
