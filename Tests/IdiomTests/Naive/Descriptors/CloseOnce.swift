import Glibc

struct ClosingConnection {
  var fd: CInt

  mutating func close() -> CInt {
    let closing = fd
    if closing < 0 { return 0 }
    fd = -1
    return close(closing) < 0 && errno != EINTR ? -errno : 0
  }
}
